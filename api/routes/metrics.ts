import type { ApiDeps } from '#api/server/deps.ts';
import type { Route } from '#api/server/types.ts';

/** Text format 0.0.4, which Prometheus asks for. */
const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export const routes = ({ metricsText }: Pick<ApiDeps, 'metricsText'>): Route[] => [
  {
    method: 'GET',
    path: '/metrics',
    scopes: 'public',
    summary: 'Mesures du processus, au format Prometheus',
    handler: async () => ({ status: 200, text: await metricsText(), type: TYPE }),
  },
];
