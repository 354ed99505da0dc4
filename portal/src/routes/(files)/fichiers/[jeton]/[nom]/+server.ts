import { error } from '@sveltejs/kit';
import { unseal } from '#lib/server/auth/seal.ts';
import type { Shown } from '#lib/server/cases/shown.ts';
import { openFile } from '#lib/server/hub/files.ts';
import { tokenFor } from '#lib/server/hub/sessions.ts';
import { settings } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

/** A file inside the portal's page, from a host that has no cookie: whatever it holds can do nothing with the session. */
export const GET: RequestHandler = async ({ params }) => {
  const shown = unseal<Shown>('file', params.jeton);
  if (!shown) error(410, 'over');
  const { stream, length } = await openFile(await tokenFor(shown.secret, shown.organisation), shown.file);
  // In a sandbox Safari shows no PDF, and Chromium's reader shows it outside of it (decision 044). Both have their own.
  const sandbox = shown.type === 'application/pdf' ? '' : 'sandbox; ';
  return new Response(stream, {
    headers: {
      'Content-Type': shown.type,
      'Content-Disposition': 'inline',
      'Content-Security-Policy': `${sandbox}default-src 'none'; style-src 'unsafe-inline'; frame-ancestors ${settings().url.origin}`,
      'Cache-Control': 'no-store',
      ...(length !== null && { 'Content-Length': String(length) }),
    },
  });
};
