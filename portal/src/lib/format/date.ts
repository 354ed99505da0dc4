/** Dates as they are written in French, in Paris' time. */
const ZONE = 'Europe/Paris';
const long = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: ZONE });
const short = new Intl.DateTimeFormat('fr-FR', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: ZONE });
const clock = new Intl.DateTimeFormat('fr-FR', { hour: 'numeric', minute: '2-digit', timeZone: ZONE });
const NO_BREAK = '\u00a0';

/** `23 novembre 2026`; `1er janvier 2027`. */
export function day(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : long.format(date).replace(/^1 /, '1er ').replaceAll(' ', NO_BREAK);
}

/** `23/11/2026`. */
export function shortDay(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : short.format(date);
}

/** `à 14 h 32` today, else `le 23 novembre 2026 à 14 h 32`. */
export function when(iso: string, now = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime()) || short.format(date) !== short.format(now)) return `le ${moment(iso)}`;
  return moment(iso).replace(/^.* à /, 'à ');
}

/** `23 novembre 2026 à 14 h 32`. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const [hour, minute] = clock.format(date).split(':');
  return `${day(iso)} à ${Number(hour)}${NO_BREAK}h${NO_BREAK}${minute}`;
}

/** The beginning of a day of a form's field (`2026-12-24`), in Paris; undefined when it is none. */
export function midnightOf(chosen: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(chosen)) return undefined;
  const utc = Date.parse(`${chosen}T00:00:00Z`);
  if (Number.isNaN(utc)) return undefined;
  // Paris is one hour ahead, or two: the right one is midnight there.
  return [1, 2].map((hours) => new Date(utc - hours * 3_600_000)).find((date) => /^00?:/.test(clock.format(date)));
}
