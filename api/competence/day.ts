/** Whether a text is a day of the calendar, `2026-02-28`: a pattern alone would take the 30th of February. */
export function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
