import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Type } from 'typebox';
import { dateText, readDate } from '#api/schemas/dates.ts';
import { dateTimeOrNull, oneOf, optional, orNull, text, textOrNull } from '#api/schemas/fields.ts';
import { validate } from '#api/schemas/validate.ts';
import { HttpError } from '#api/server/errors.ts';

/** Contract §§2, 4: dates in and out, and the words of faults of form. */

describe('dates', () => {
  test('come in as any RFC 3339 date-time, and go out with milliseconds and offset', () => {
    for (const [given, shown] of [
      ['2024-07-04T08:54:15.438+00:00', '2024-07-04T08:54:15.438+00:00'],
      ['2024-07-04T10:54:15+02:00', '2024-07-04T08:54:15.000+00:00'],
      ['2024-07-04t08:54:15.4z', '2024-07-04T08:54:15.400+00:00'],
      ['2024-07-04T08:54:15.438999999Z', '2024-07-04T08:54:15.438+00:00'],
      ['2024-02-29T23:59:60Z', '2024-03-01T00:00:00.000+00:00'],
      ['0099-01-01T00:00:00-00:00', '0099-01-01T00:00:00.000+00:00'],
      ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999+00:00'],
    ] as const) {
      const ms = readDate(given);
      assert(ms !== undefined, given);
      assert.equal(dateText(ms), shown);
    }
  });

  test('that are none are refused', () => {
    for (const wrong of [
      '',
      '2024-07-04',
      '2024-07-04T08:54:15',
      '2024-07-04 08:54:15Z',
      '2023-02-29T00:00:00Z',
      '2024-13-01T00:00:00Z',
      '2024-00-01T00:00:00Z',
      '2024-07-04T24:00:00Z',
      '2024-07-04T08:60:00Z',
      '2024-07-04T08:54:15+24:00',
      '2024-07-04T08:54:15.Z',
      '0000-01-01T00:00:00Z',
      '20240704T085415Z',
    ]) {
      assert.equal(readDate(wrong), undefined, wrong);
    }
  });

  test('of any moment come back as they went', () => {
    const moments = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(moments, (date) => readDate(dateText(date.getTime())) === date.getTime()));
  });
});

describe('faults', () => {
  const schema = Type.Object({
    name: text(3),
    note: optional(textOrNull(3)),
    kind: oneOf(['A', 'B']),
    inner: optional(orNull(Type.Object({ b: text(1), a: text(1) }))),
    date: optional(dateTimeOrNull()),
    list: optional(Type.Array(Type.Object({ size: Type.Integer({ minimum: 0 }) }), { minItems: 1 })),
  });
  const where = { calledMethod: 'POST', path: '/x/y' };
  const details = (value: unknown): string[] => {
    try {
      validate(schema, value, where);
    } catch (error) {
      assert(error instanceof HttpError);
      assert.equal(error.status, 400);
      const [title, ...lines] = error.message.split('\n');
      assert.equal(title, 'Bad Request : Validation failed.');
      const start = '[ERROR][REQUEST][POST /x/y @body] ';
      return lines.map((line) => {
        assert(line.startsWith(start), line);
        return line.slice(start.length);
      });
    }
    return [];
  };

  test('none: the value itself is given, what is unknown left in place', () => {
    const value = { name: 'é\u{1F4C4}x', kind: 'A', note: null, inner: null, date: null, unknown: [1] };
    assert.equal(validate(schema, value, where), value);
  });

  for (const [name, value, expected] of [
    ['missing', {}, ['Object has missing required properties (["kind","name"])']],
    [
      'nested missing',
      { name: 'x', kind: 'A', inner: {} },
      [`[Path '/inner'] Object has missing required properties (["a","b"])`],
    ],
    [
      'type',
      { name: 3, kind: 'A' },
      [`[Path '/name'] Instance type (integer) does not match any allowed primitive type (allowed: ["string"])`],
    ],
    [
      'type of what may be null',
      { name: 'x', kind: 'A', note: 1.5 },
      [`[Path '/note'] Instance type (number) does not match any allowed primitive type (allowed: ["null","string"])`],
    ],
    [
      'length',
      { name: 'xxxx', kind: 'A' },
      [`[Path '/name'] String "xxxx" is too long (length: 4, maximum allowed: 3)`],
    ],
    [
      'list of values',
      { name: 'x', kind: 'C' },
      [`[Path '/kind'] Instance value ("C") not found in enum (possible values: ["A","B"])`],
    ],
    [
      'date',
      { name: 'x', kind: 'A', date: 'x' },
      [`[Path '/date'] String "x" is invalid against requested date format(s) RFC 3339 date-time`],
    ],
    [
      'empty array',
      { name: 'x', kind: 'A', list: [] },
      [`[Path '/list'] Array is too short: must have at least 1 elements but instance has 0 elements`],
    ],
    [
      'low number',
      { name: 'x', kind: 'A', list: [{ size: -1 }] },
      [`[Path '/list/0/size'] Numeric instance is lower than the required minimum (minimum: 0, found: -1)`],
    ],
    ['no body', undefined, ['A request body is required but none found.']],
    ['null', null, ['Instance type (null) does not match any allowed primitive type (allowed: ["object"])']],
    [
      'all of them',
      { name: 1, kind: 2 },
      [
        `[Path '/name'] Instance type (integer) does not match any allowed primitive type (allowed: ["string"])`,
        `[Path '/kind'] Instance type (integer) does not match any allowed primitive type (allowed: ["string"])`,
      ],
    ],
  ] as const) {
    test(name, () => assert.deepEqual(details(value), expected));
  }

  test('are bounded, and never echo a text whole', () => {
    const list = Array.from({ length: 10_000 }, () => ({ size: 'x' }));
    assert(details({ name: 'x', kind: 'A', list }).length <= 100);
    assert((details({ name: 'y'.repeat(100_000), kind: 'A' })[0] as string).length < 300);
  });

  test('of millions of members are told in one sentence, not looked for one by one', () => {
    for (const list of [Array(300_000).fill(1), Array.from({ length: 100 }, () => Array(3000).fill({}))]) {
      const [only, ...others] = details({ name: 'x', kind: 'A', list });
      assert.match(only as string, /more than 250000 members and items/);
      assert.deepEqual(others, []);
    }
  });

  test('name lengths in characters', () => {
    assert.match(details({ name: 'é\u{1F4C4}\ud83dxy', kind: 'A' })[0] as string, /\(length: 5, maximum allowed: 3\)/);
  });
});
