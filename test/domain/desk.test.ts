import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CommandOf } from '#engine/domain/commands.ts';
import { UNSENT } from '#engine/domain/deciders/case/pending.ts';
import { type Id, KIND } from '#engine/domain/ids.ts';
import type { CaseStatus } from '#engine/domain/records/case.ts';
import { encode } from '#engine/domain/records/codec.ts';
import { versionOf } from '#engine/domain/records/desk.ts';
import { caseName } from '#engine/domain/records/names.ts';
import { CITY, event, HERE, NOON, osl, PURGE, patchCase, si } from './samples.ts';
import { type Scene, scene, statusOf, told } from './scene.ts';
import { testId } from './world.ts';

const AGENT = testId(KIND.other, HERE, NOON);
const COLLEAGUE = testId(KIND.other, HERE, NOON);
const WAIT = 30_000;

const stateOf = ({ world, case_ }: Scene) => world.get(HERE, caseName(case_.id)) ?? assert.fail('no case');
const seenOf = (one: Scene) => versionOf(stateOf(one));

function resolve(
  { case_ }: Scene,
  statuses: CaseStatus[],
  given: Partial<CommandOf<'case.resolve'>> = {},
): CommandOf<'case.resolve'> {
  const events = statuses.map((caseNewStatus) => event(case_, si(), { caseNewStatus }).event);
  return {
    ...{ kind: 'case.resolve', case: case_.id, caller: si(), agent: AGENT, events, waitMs: WAIT, purge: PURGE },
    ...given,
  };
}

const undo = ({ case_ }: Scene, id: Id, caller = si()) =>
  ({ kind: 'case.undo', case: case_.id, caller, event: id }) as const;
const assign = ({ case_ }: Scene, agent: Id | null, given: Partial<CommandOf<'case.assign'>> = {}) =>
  ({ kind: 'case.assign', case: case_.id, caller: si(), by: AGENT, agent, ...given }) as const;

/** Tries of the race; the issue's own number by RELAIS_CONFLICTS. */
const TRIES = Number(process.env['RELAIS_CONFLICTS'] ?? 1000);

describe('two agents at the same moment', () => {
  const ways: [
    string,
    (one: Scene, status: CaseStatus, seen: string) => CommandOf<'case.resolve' | 'case.event' | 'case.patch'>,
  ][] = [
    ['by events', ({ case_ }, caseNewStatus, seen) => ({ ...event(case_, si(), { caseNewStatus }), seen })],
    ['by PATCH', ({ case_ }, status, seen) => ({ ...patchCase(case_.id, status), seen })],
    ['by decisions that wait', (one, status, seen) => resolve(one, ['SI_RECEIVED', status], { seen })],
    ['by decisions at once', (one, status, seen) => resolve(one, [status], { seen, waitMs: 0 })],
  ];
  for (const [what, command] of ways) {
    it(`decide once, ${what}`, () => {
      for (let n = 0; n < TRIES / ways.length; n += 1) {
        const one = scene();
        const seen = seenOf(one);
        const pair = [command(one, 'DONE', seen), command(one, 'REFUSED', seen)];
        const asked = (n % 2 ? pair : pair.reverse()).map((each) => one.world.send(HERE, each));
        one.world.run();
        const answers = asked.map(({ answer }) => answer?.status ?? 0);
        assert.deepEqual([answers[0], answers[1]], [what === 'by PATCH' ? 204 : 201, 412]);
        one.world.advance(NOON + 2 * WAIT);
        const decided = stateOf(one).events.filter(({ caseNewStatus }) => caseNewStatus !== 'SI_RECEIVED');
        assert.equal(decided.length, what === 'by PATCH' ? 0 : 1);
        assert.equal(statusOf(one), n % 2 ? 'DONE' : 'REFUSED');
      }
    });
  }

  it('says nothing of what was seen: the last one counts, as the contract has it', () => {
    const one = scene();
    for (const status of ['DONE', 'REFUSED'] as const) {
      assert.equal(one.world.ask(HERE, event(one.case_, si(), { caseNewStatus: status })).status, 201);
    }
    assert.equal(statusOf(one), 'REFUSED');
  });

  it('a message does not stand in the way of a decision', () => {
    const one = scene();
    const seen = seenOf(one);
    one.world.ask(HERE, event(one.case_, osl, { actionType: 'SENDING_MESSAGE', message: 'bonjour' }));
    assert.equal(one.world.ask(HERE, resolve(one, ['DONE'], { seen })).status, 201);
  });
});

describe('a decision that waits', () => {
  it('leaves when its time is over: events, status, notifications, in order', () => {
    const one = scene();
    const command = resolve(one, ['SI_RECEIVED', 'DONE']);
    const answer = one.world.ask(HERE, command);
    assert.deepEqual(answer.body, { version: seenOf(one), due: one.world.now + WAIT });
    assert.deepEqual([statusOf(one), stateOf(one).events.length, told(one.world)], ['HUBEE_NOTIFIED', 0, [0, 0]]);
    one.world.advance(one.world.now + WAIT - 1);
    assert.equal(statusOf(one), 'HUBEE_NOTIFIED');
    one.world.advance(one.world.now + 1);
    assert.deepEqual(
      stateOf(one).events.map((each) => [each.id, each.caseCurrentStatus, each.caseNewStatus]),
      [
        [command.events[0]?.id, 'HUBEE_NOTIFIED', 'SI_RECEIVED'],
        [command.events[1]?.id, 'SI_RECEIVED', 'DONE'],
      ],
    );
    assert.deepEqual([statusOf(one), stateOf(one).pending, told(one.world)], ['DONE', undefined, [0, 2]]);
    assert.equal(one.world.ask(HERE, undo(one, command.events[0]?.id as Id)).status, 410);
  });

  it('undone, never leaves, and leaves no trace in the record', () => {
    const one = scene();
    const before = encode('c', stateOf(one));
    const command = resolve(one, ['DONE']);
    one.world.ask(HERE, command);
    assert.equal(one.world.ask(HERE, undo(one, command.events[0]?.id as Id)).status, 204);
    assert.equal(encode('c', stateOf(one)), before);
    one.world.advance(one.world.now + 2 * WAIT);
    assert.deepEqual([statusOf(one), stateOf(one).events, told(one.world)], ['HUBEE_NOTIFIED', [], [0, 0]]);
    assert.equal(one.world.ask(HERE, undo(one, command.events[0]?.id as Id)).status, 404);
  });

  it('is the same when it comes again', () => {
    const one = scene();
    const command = resolve(one, ['DONE'], { seen: seenOf(one) });
    assert.deepEqual(one.world.ask(HERE, command), one.world.ask(HERE, command));
    one.world.advance(one.world.now + WAIT);
    assert.equal(one.world.ask(HERE, command).status, 201);
    assert.equal(stateOf(one).events.length, 1);
  });

  it('stays here with a note when the case changed meanwhile', () => {
    const one = scene();
    one.world.ask(HERE, resolve(one, ['DONE']));
    one.world.ask(HERE, patchCase(one.case_.id, 'CLOSED', osl));
    one.world.advance(one.world.now + WAIT);
    assert.deepEqual(
      [statusOf(one), stateOf(one).events.map(({ actionType, comment }) => [actionType, comment]), told(one.world)],
      ['CLOSED', [['COM_ADD', UNSENT]], [0, 0]],
    );
  });

  it('is for the recipient only', () => {
    const one = scene();
    assert.equal(one.world.ask(HERE, resolve(one, ['DONE'], { caller: si(CITY) })).status, 403);
    const command = resolve(one, ['DONE']);
    one.world.ask(HERE, command);
    assert.equal(one.world.ask(HERE, undo(one, command.events[0]?.id as Id, si(CITY))).status, 403);
  });

  it('one at a time, sent once or not at all, whatever agents and clocks do', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('decide' as const), status: fc.constantFrom('DONE', 'REFUSED', 'IN_PROGRESS') }),
      fc.record({ kind: fc.constant('undo' as const), nth: fc.nat({ max: 5 }) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.nat({ max: 2 * WAIT }) }),
      fc.record({ kind: fc.constant('patch' as const), status: fc.constantFrom('CLOSED', 'IN_PROGRESS') }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const one = scene();
        const taken: Id[] = [];
        const undone = new Set<Id>();
        for (const each of steps) {
          if (each.kind === 'decide') {
            const command = resolve(one, [each.status as CaseStatus], { seen: seenOf(one) });
            const busy = stateOf(one).pending !== undefined;
            assert.equal(one.world.ask(HERE, command).status, busy ? 412 : 201);
            if (!busy) taken.push(command.events[0]?.id as Id);
          } else if (each.kind === 'undo') {
            const id = taken[each.nth];
            if (id !== undefined && one.world.ask(HERE, undo(one, id)).status === 204) undone.add(id);
          } else if (each.kind === 'patch')
            one.world.ask(HERE, patchCase(one.case_.id, each.status as CaseStatus, osl));
          else one.world.advance(one.world.now + each.ms);
        }
        one.world.advance(one.world.now + 2 * WAIT);
        const sent = stateOf(one).events.filter(({ actionType }) => actionType === 'STATUS_UPDATE');
        const notes = stateOf(one).events.length - sent.length;
        assert.equal(stateOf(one).pending, undefined);
        assert.equal(new Set(sent.map(({ id }) => id)).size, sent.length);
        assert.ok(sent.every(({ id }) => taken.includes(id) && !undone.has(id)));
        assert.equal(sent.length + undone.size + notes, taken.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('attribution', () => {
  it('is taken once, given, released; nobody is told', () => {
    const one = scene();
    assert.equal(one.world.ask(HERE, assign(one, AGENT, { from: null })).status, 204);
    assert.equal(one.world.ask(HERE, assign(one, COLLEAGUE, { from: null, by: COLLEAGUE })).status, 412);
    assert.deepEqual(stateOf(one).assignment, { agent: AGENT, by: AGENT, at: one.world.now });
    assert.equal(one.world.ask(HERE, assign(one, COLLEAGUE)).status, 204);
    assert.equal(one.world.ask(HERE, assign(one, null)).status, 204);
    assert.deepEqual(stateOf(one).assignment, { agent: null, by: AGENT, at: one.world.now });
    assert.deepEqual([told(one.world), statusOf(one)], [[0, 0], 'HUBEE_NOTIFIED']);
    assert.equal(one.world.ask(HERE, assign(one, AGENT, { caller: si(CITY) })).status, 403);
  });

  it('takes less than 100 bytes of a case', () => {
    const one = scene();
    const before = encode('c', stateOf(one)).length;
    one.world.ask(HERE, assign(one, COLLEAGUE));
    const more = encode('c', stateOf(one)).length - before;
    assert.ok(more <= 100, `${more} bytes`);
  });
});
