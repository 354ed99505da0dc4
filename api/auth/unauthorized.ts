import { HttpError } from '#api/server/errors.ts';

/** RFC 6750 §3: what a 401 of a protected resource must bear. */
const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="hub"' } as const;

/** Contract §4: token unknown or expired. */
export const invalidToken = (): HttpError =>
  new HttpError(
    401,
    'Invalid Credentials : Invalid Credentials. Make sure you have given the correct access token',
    900901,
    CHALLENGE,
  );

/** Contract §4, §16.13: no token at all. */
export const missingToken = (): HttpError =>
  new HttpError(
    401,
    "Missing Credentials : Invalid Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN'",
    900902,
    CHALLENGE,
  );
