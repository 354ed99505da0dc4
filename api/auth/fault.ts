import { refusal } from '#api/server/errors.ts';
import type { Handler, Reply } from '#api/server/types.ts';

/** An error in the form of RFC 6749 §5.2, which is that of the whole token endpoint (contract §3). */
export const oauthFault = (error: string, description: string): string =>
  JSON.stringify({ error, error_description: description });

const BUSY = 503;

/** What is refused on the way to the token, in that form: the same statuses, and the same headers. */
export const withOAuthFaults =
  (handler: Handler): Handler =>
  async (request): Promise<Reply> => {
    try {
      return await handler(request);
    } catch (error) {
      const told = refusal(error);
      if (told === undefined) throw error;
      const code = told.status >= BUSY ? 'temporarily_unavailable' : 'invalid_request';
      return { ...told, text: oauthFault(code, (error as Error).message) };
    }
  };
