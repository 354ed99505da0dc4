/**
 * Days as the sources count them: Europe/Paris (contract §8.6, §11). Pure arithmetic on ms since the epoch; the
 * time zone's rules are those of the runtime's ICU data.
 */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Entries of the offset cache: about five months of distinct hours, a few hundred kB at most. */
const CACHED_HOURS = 4096;

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

const offsets = new Map<number, number>();

const floorMod = (value: number, by: number): number => ((value % by) + by) % by;

/** ms that Paris is ahead of UTC at `ms`. It only ever changes on a whole hour, hence the cache by hour. */
function offset(ms: number): number {
  const hour = Math.floor(ms / HOUR);
  const known = offsets.get(hour);
  if (known !== undefined) return known;
  const start = hour * HOUR;
  const [hours, minutes, seconds] = clock.format(start).split(':').map(Number) as [number, number, number];
  const local = hours * HOUR + minutes * MINUTE + seconds * 1000;
  const ahead = floorMod(local - floorMod(start, DAY) + DAY / 2, DAY) - DAY / 2;
  if (offsets.size >= CACHED_HOURS) offsets.clear();
  offsets.set(hour, ahead);
  return ahead;
}

/** 00:00 Europe/Paris of the day of `ms` plus `addDays` calendar days, in ms. Right across changes of hour. */
export function dayStart(ms: number, addDays: number): number {
  const day = Math.floor((ms + offset(ms)) / DAY) + addDays;
  const midnight = day * DAY;
  return midnight - offset(midnight - offset(midnight));
}

/** Time at which a subscription becomes active by itself: 00:01 of that day (contract §8.6). */
export const activationTime = (activateDateTime: number): number => dayStart(activateDateTime, 0) + MINUTE;

/** What clocks in Paris show at `ms`: `2026-11-26T14:32:05`. */
export const localTime = (ms: number): string =>
  new Date(ms + offset(ms)).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length);

/** The day of `ms` in Paris, as an ISO date. */
export const dayOf = (ms: number): string => localTime(ms).slice(0, 'YYYY-MM-DD'.length);
