import { PROBLEM_FORM } from '#api/server/problem.ts';
import type { Route } from '#api/server/types.ts';
import type { Quota } from './quota.ts';

/** Routes of `/relais/v1` as all are: what they refuse is a problem, and each client's requests are counted together. */
export const dressed = (routes: readonly Route[], quota: Quota): Route[] =>
  routes.map((route) => ({
    ...route,
    errors: PROBLEM_FORM,
    ...(route.scopes !== 'public' && {
      handler: (request) => quota.within(request.client, () => route.handler(request)),
    }),
  }));
