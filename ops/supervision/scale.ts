/** The files of ops/prometheus in a faster time: every window, `offset`, `for` and interval divided by one factor, and nothing else. */

/** A duration of Prometheus: `90s`, `1h30m`, `250ms`. */
export const DURATION = '(?:\\d+(?:ms|[smhdwy]))+';
const PART = /(\d+)(ms|[smhdwy])/g;
const MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Settings whose value is a duration, in rules, in Prometheus' and in Alertmanager's configuration. */
const SETTINGS =
  'for|interval|keep_firing_for|scrape_interval|scrape_timeout|evaluation_interval|group_wait|group_interval|repeat_interval|resolve_timeout';

/** Where a duration is one: a setting, an offset, a window with or without its step. Never a name, a text or a number. */
const SETTING = new RegExp(`((?:^|[{,-])[ \\t]*(?:${SETTINGS}):[ \\t]+)(${DURATION})(?=[ \\t]*(?:$|[,}#]))`, 'gm');
const OFFSET = new RegExp(`(\\boffset[ \\t]+-?)(${DURATION})\\b`, 'g');
const WINDOW = new RegExp(`\\[(${DURATION})(?:(:)(${DURATION})?)?\\]`, 'g');

/** @param text a duration of Prometheus @returns ms */
export function milliseconds(text: string): number {
  let sum = 0;
  for (const [, count, unit] of text.matchAll(PART)) sum += Number(count) * (MS[unit as string] as number);
  return sum;
}

/**
 * @param yaml rules, or a configuration of Prometheus or Alertmanager
 * @param by what one duration becomes
 */
export function eachDuration(yaml: string, by: (duration: string) => string): string {
  const after = (_: string, before: string, duration: string): string => before + by(duration);
  return yaml
    .replace(SETTING, after)
    .replace(OFFSET, after)
    .replace(WINDOW, (_, window: string, colon = '', step?: string) => {
      return `[${by(window)}${colon}${step === undefined ? '' : by(step)}]`;
    });
}

/** @param factor 60: an hour passes in a minute. Durations are rounded to a millisecond, the least Prometheus knows. */
export function divided(yaml: string, factor: number): string {
  if (!(factor >= 1)) throw new RangeError(`durations are divided by 1 or more, not by ${factor}`);
  if (factor === 1) return yaml;
  return eachDuration(yaml, (duration) => `${Math.max(1, Math.round(milliseconds(duration) / factor))}ms`);
}
