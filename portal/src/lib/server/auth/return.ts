/** A page of this portal to come back to, from what a browser sent: never another site's. */
export function ownPath(text: string | null | undefined, fallback = '/accueil'): string {
  if (!text?.startsWith('/') || /^\/[/\\]/.test(text) || /[\s\\]/.test(text)) return fallback;
  const url = URL.parse(text, 'http://portal.invalid');
  if (url?.origin !== 'http://portal.invalid') return fallback;
  return url.pathname.startsWith('/connexion') || url.pathname.startsWith('/deconnexion')
    ? fallback
    : url.pathname + url.search;
}
