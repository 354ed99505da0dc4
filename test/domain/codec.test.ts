import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Id, notificationId } from '#engine/domain/ids.ts';
import { decode, decodeNotification, encode, encodeNotification } from '#engine/domain/records/codec.ts';
import { packOrg, unpackOrg } from '#engine/domain/records/codecs/field.ts';
import { caseName, caseSet, folderName } from '#engine/domain/records/names.ts';
import { CorruptRecord } from '#engine/domain/records/seal.ts';
import { id, org } from './arbitraries.ts';
import { RECORDS } from './records.ts';
import { HERE, notified, PROCESS, received, TOWN } from './samples.ts';
import { World } from './world.ts';

const LONGEST_NAME = 22;

describe('stored text', () => {
  for (const [letter, arbitrary] of Object.entries(RECORDS)) {
    it(`of ${letter}… gives the state back`, () => {
      fc.assert(
        fc.property(arbitrary, (state) => {
          assert.deepEqual(decode(letter, encode(letter, state)), structuredClone(state));
        }),
      );
    });

    it(`of ${letter}… is refused after any flipped bit`, () => {
      fc.assert(
        fc.property(arbitrary, fc.nat(), fc.nat({ max: 7 }), (state, at, bit) => {
          const bytes = Buffer.from(encode(letter, state));
          const place = at % bytes.length;
          bytes[place] = (bytes[place] as number) ^ (1 << bit);
          assert.throws(() => decode(letter, bytes.toString()), CorruptRecord);
        }),
        { numRuns: 200 },
      );
    });
  }

  it('is refused when cut', () => {
    const whole = encode('n', { boxes: 1 });
    for (let length = 0; length < whole.length; length += 1) {
      assert.throws(() => decode('n', whole.slice(0, length)), CorruptRecord);
    }
  });

  it('is refused for names without a codec', () => {
    assert.throws(() => encode('x1.1', {}), /no stored text/);
  });
});

describe('organisations', () => {
  it('are packed and come back', () => {
    fc.assert(
      fc.property(org, (key) => {
        assert.equal(unpackOrg(packOrg(key)), key);
      }),
    );
  });

  it('take little room', () => {
    assert.ok(packOrg('OSL-13000766900018-00000').length <= 10);
    assert.ok(packOrg('SI-22770001000019-77372').length <= 15);
  });
});

describe('a member of a box', () => {
  const sequence = fc.integer({ min: 1, max: 2 ** 40 - 1 });
  const box = fc.integer({ min: 1, max: 2 ** 22 - 1 });
  const ms = fc.integer({ min: 1_600_000_000_000, max: 2_200_000_000_000 });

  it('gives the notification back, its own id or one from elsewhere', () => {
    fc.assert(
      fc.property(
        box,
        sequence,
        ms,
        id,
        fc.option(id, { nil: null }),
        org,
        fc.boolean(),
        (b, s, at, of, event, by, moved) => {
          const given = moved ? notificationId(5, b, s, at) : notificationId(HERE, b, s, at);
          const state = { id: given, case: of, event, transmitter: by, recipient: TOWN, process: PROCESS };
          const member = encodeNotification(HERE, b, s, state);
          assert.deepEqual(decodeNotification(HERE, b, s, member, TOWN, PROCESS), state);
          assert.equal(encodeNotification(HERE, b, s, decodeNotification(HERE, b, s, member, '', '')), member);
        },
      ),
    );
  });

  it('is refused after a flipped bit', () => {
    const state = {
      id: notificationId(HERE, 1, 1, 1_776_246_400_000),
      case: 'A'.repeat(LONGEST_NAME) as Id,
      event: null,
      transmitter: TOWN,
      recipient: TOWN,
      process: PROCESS,
    };
    const bytes = Buffer.from(encodeNotification(HERE, 1, 1, state));
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] as number) ^ 1;
      assert.throws(() => decodeNotification(HERE, 1, 1, flipped.toString(), TOWN, PROCESS), CorruptRecord);
    }
  });
});

describe('schema version 1', () => {
  /** Texts as the first version wrote them: whatever comes later must still read them. */
  const golden: { name: string; text: string; state: unknown }[] = JSON.parse(
    readFileSync(new URL('golden.json', import.meta.url), 'utf8'),
  );

  it('is kept for every kind of record', () => {
    const letters = new Set(golden.map(({ name }) => name[0]));
    assert.deepEqual([...letters].sort(), Object.keys(RECORDS).sort());
  });

  for (const { name, text, state } of golden) {
    it(`of ${name} is read as ever, and written so`, () => {
      assert.deepEqual(decode(name, text), state);
      assert.equal(encode(name, state), text);
    });
  }
});

describe('memory', () => {
  it('of a notified folder of one case and one file stays under 800 bytes of payload', () => {
    const world = new World();
    const blob = 'K7Jt2nq9QbW5m1xYc3Zf0A';
    const { folder, cases } = notified(world);
    const place = world.place(HERE);
    world.ask(HERE, {
      kind: 'folder.upload',
      folder,
      index: 0,
      caller: { scope: 'ADMIN', org: '' },
      upload: received(blob),
    });
    const name = caseName(cases[0]?.id as Id);
    const sizes = {
      folder: Buffer.byteLength(place.records.get(folderName(folder)) as string),
      case: Buffer.byteLength(place.records.get(name) as string),
      members: [...place.sets].flatMap(([, members]) => [...members.keys()]).join('').length,
    };
    assert.equal(place.set(caseSet(1)).size, 1);
    const sum = sizes.folder + sizes.case + sizes.members + 2 * blob.length;
    assert.ok(sum <= 800, `${sum} bytes: ${JSON.stringify(sizes)}`);
  });
});
