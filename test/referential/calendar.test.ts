import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activationTime, dayStart } from '#engine/domain/calendar.ts';

const utc = (ms: number): string => new Date(ms).toISOString();

const CASES: [name: string, at: string, days: number, expected: string][] = [
  ['a winter day', '2026-01-15T10:00:00Z', 0, '2026-01-14T23:00:00.000Z'],
  ['a summer day', '2026-07-15T10:00:00Z', 0, '2026-07-14T22:00:00.000Z'],
  ['late evening UTC is tomorrow in Paris', '2026-01-15T23:30:00Z', 0, '2026-01-15T23:00:00.000Z'],
  ['last ms of a Paris day', '2026-01-15T22:59:59.999Z', 0, '2026-01-14T23:00:00.000Z'],
  ['the day clocks go forward, before', '2026-03-29T00:59:59Z', 0, '2026-03-28T23:00:00.000Z'],
  ['the day clocks go forward, after', '2026-03-29T01:00:00Z', 0, '2026-03-28T23:00:00.000Z'],
  ['the day after has 23 hours before it', '2026-03-29T12:00:00Z', 1, '2026-03-29T22:00:00.000Z'],
  ['over the change forward', '2026-03-28T12:00:00Z', 2, '2026-03-29T22:00:00.000Z'],
  ['the day clocks go back, first 02:30', '2026-10-25T00:30:00Z', 0, '2026-10-24T22:00:00.000Z'],
  ['the day clocks go back, second 02:30', '2026-10-25T01:30:00Z', 0, '2026-10-24T22:00:00.000Z'],
  ['the day after has 25 hours before it', '2026-10-25T12:00:00Z', 1, '2026-10-25T23:00:00.000Z'],
  ['back over the change', '2026-10-26T12:00:00Z', -2, '2026-10-23T22:00:00.000Z'],
  ['end of year', '2026-12-31T23:30:00Z', 0, '2026-12-31T23:00:00.000Z'],
  ['leap day', '2028-02-28T12:00:00Z', 1, '2028-02-28T23:00:00.000Z'],
  ['contract §11: 15/04, delay 4 and one day more', '2026-04-15T14:00:00Z', 5, '2026-04-19T22:00:00.000Z'],
];

for (const [name, at, days, expected] of CASES) {
  test(`start of day: ${name}`, () => assert.equal(utc(dayStart(Date.parse(at), days)), expected));
}

test('every hour of two years falls into the day Paris shows', () => {
  const paris = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'medium' });
  const from = Date.parse('2026-01-01T00:00:00Z');
  for (let hour = 0; hour < 2 * 365 * 24; hour += 1) {
    const at = from + hour * 3_600_000;
    const [day] = paris.format(at).split(' ');
    assert.equal(paris.format(dayStart(at, 0)), `${day} 00:00:00`, utc(at));
  }
});

test('a subscription becomes active at 00:01 in Paris', () => {
  assert.equal(utc(activationTime(Date.parse('2026-10-25T12:00:00Z'))), '2026-10-24T22:01:00.000Z');
});
