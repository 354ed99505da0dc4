import { DESK } from './mutations-desk.ts';
import { NATIVE } from './mutations-native.ts';
import { changed, type Patch } from './patches.ts';
import type { Fault } from './weather.ts';

/** A known bug, brought back on purpose: the simulation must find it. */
export interface Mutation {
  name: string;
  /** what goes wrong with it */
  about: string;
  lua?: readonly Patch[];
  source?: readonly Patch[];
  /** what brings it to light, when that is rare in the usual mix */
  faults?: readonly Fault[];
}

/**
 * The two looks at a turn's token, in the lease and in the server's memory: every take changes both, so each alone is enough
 * where nobody moves slots.
 */
const FENCE: readonly Patch[] = [
  { file: 'turn', from: 'if lease[1] ~= args[1] then', to: 'if false then' },
  { file: 'turn', from: 'if given[keys[2]] ~= args[1] then', to: 'if false then' },
];

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'fence',
    about: 'a turn does not look at its token: an engine that lost its partition goes on',
    lua: FENCE,
  },
  {
    name: 'dedupe',
    about: 'a delivery repeated after a lost answer is taken twice',
    lua: [{ file: 'deliver', from: 'if fresh then', to: 'if fresh or s <= sequence then' }],
  },
  {
    name: 'ack-first',
    about: 'entries leave the mailbox when they are handed out, before their effects',
    lua: [
      {
        file: 'turn',
        from: 'if wanted > 0 then n = hand_out(keys, reply, wanted, tonumber(args[4])) end',
        to: `if wanted > 0 then n = hand_out(keys, reply, wanted, tonumber(args[4])) end
  if n > 0 then redis.call('XTRIM', keys[1], 'MINID', after(reply[#reply - 2])) end`,
      },
      { file: 'turn', from: 'if not handed and not oldest(keys, covered, first, last) then', to: 'if false then' },
    ],
  },
  {
    name: 'trim-far',
    about: 'a commit trims what came after the entries it covers',
    lua: [
      {
        file: 'turn',
        from: "redis.call('XTRIM', keys[1], 'MINID', after(last))",
        to: "redis.call('XTRIM', keys[1], 'MAXLEN', 0)",
      },
    ],
  },
  {
    name: 'trim-outbox',
    faults: ['crash', 'leave', 'pause', 'drop'],
    about: 'the outbox is trimmed before its deliveries are acknowledged',
    source: [
      {
        file: 'engine/partition/lanes.ts',
        from: 'let floor = next;\n    for',
        to: 'let floor = next;\n    if (next > 0) return floor;\n    for',
      },
    ],
  },
  {
    name: 'early-answer',
    about: 'an answer is given when it is decided, before its commit',
    source: [
      {
        file: 'engine/partition/partition.ts',
        from: '    const writes = batch !== undefined',
        to: '    for (const [api, items] of batch?.replies.all() ?? []) this.#parts.local?.api(api)?.(items);\n    const writes = batch !== undefined',
      },
    ],
  },
  {
    name: 'no-divert',
    faults: ['pause', 'join', 'leave'],
    about: 'requests taken straight by an owner that lost its partition do not go by the mailbox',
    source: [
      {
        file: 'engine/partition/partition.ts',
        from: 'disown(this.partition, this);\n      this.#requests.divert();',
        to: 'disown(this.partition, this);',
      },
    ],
  },
  {
    name: 'doubt-as-done',
    about: 'requests of a turn whose call had no answer are not given up but asked again by the mailbox',
    source: [
      {
        file: 'engine/partition/partition.ts',
        from: 'if (!unwritten) this.#requests.doubt();',
        to: 'if (!unwritten) this.#requests.divert();',
      },
    ],
  },
  {
    name: 'no-confirm',
    about: 'an answer does not wait for the deliveries it caused',
    source: [
      { file: 'engine/partition/batch.ts', from: 'if (out.wait && out.message.replyTo) waits += out.parts;', to: '' },
    ],
  },
  {
    name: 'one-for-all',
    about: 'an answer waits for one of the cases of a message, not for each',
    source: [{ file: 'engine/partition/batch.ts', from: 'waits += out.parts;', to: 'waits += 1;' }],
  },
  {
    name: 'first-part',
    about: 'of a message that brings several cases, only the first is decided',
    source: [{ file: 'engine/partition/decide.ts', from: 'of parts) {', to: 'of parts.slice(0, 1)) {' }],
  },
  {
    name: 'waits-forgotten',
    about: 'an answer of several turns does not wait for what the first ones sent',
    source: [{ file: 'engine/partition/batch.ts', from: 'isSame(next.replyTo, message.replyTo) ? waits : 0', to: '0' }],
  },
  {
    name: 'load-apart',
    faults: ['drop', 'lose', 'cut'],
    about: 'a record that cannot be loaded while others are awaited ends the process (found by the simulation)',
    source: [
      {
        file: 'engine/partition/load.ts',
        from: '  others.push(loadTexts(reads, partition, strings, cells));',
        to: '  await loadTexts(reads, partition, strings, cells);',
      },
    ],
  },
  {
    name: 'timer-kept',
    faults: ['leap'],
    about: 'a timer stays after it has fired',
    lua: [{ file: 'turn', from: "redis.call('ZREM', keys[3], name)", to: '' }],
  },
  {
    name: 'take-running',
    about: 'a lease that runs is taken, and its owner is not stopped',
    lua: [
      { file: 'lease', from: 'if until_ms > now and until_ms <= now', to: 'if false and until_ms <= now' },
      ...FENCE,
    ],
  },
  {
    name: 'behind',
    faults: ['rollback', 'stale'],
    about: 'a turn does not look whether Redis has the commit before it',
    lua: [{ file: 'turn', from: "if args[10] ~= (lease[8] or '') or", to: 'if false and' }],
  },
  {
    name: 'redo-any',
    faults: ['rollback', 'stale', 'pause', 'crash', 'join'],
    about: 'lost commits are done again on whatever is there, also on what others committed in their place',
    lua: [
      {
        file: 'redo',
        from: 'if tonumber(args[1]) ~= turn + 1 or args[2] ~= mark then return { 0, turn, mark } end',
        to: '',
      },
    ],
    source: [
      {
        file: 'engine/journal/repair.ts',
        from: 'if (record.turn !== turn + 1 || record.before !== mark)',
        to: 'if (record.turn < 0)',
      },
    ],
  },
  {
    name: 'no-mending',
    faults: ['rollback', 'stale'],
    about: 'what Redis lost is not looked for in the journal',
    source: [{ file: 'engine/journal/repair.ts', from: 'if (began < last.turn) return began + 1;', to: '' }],
  },
  {
    name: 'unheard-of',
    faults: ['rollback', 'stale'],
    about: 'deliveries that a redone commit decided do not count as heard',
    lua: [{ file: 'redo', from: "redis.call('HSET', key, source, epoch .. ':' .. sequence)", to: '' }],
  },
  {
    name: 'not-sent-again',
    faults: ['rollback', 'pause', 'crash', 'join'],
    about: 'deliveries that only their destination lost are not sent again',
    source: [
      {
        file: 'engine/cluster/hearing.ts',
        from: 'if (!lacks(heard, acknowledged)) continue;',
        to: 'if (heard.epoch >= 0) continue;',
      },
      {
        file: 'engine/partition/lanes.ts',
        from: 'if (behind && lacks(heard, before)) this.#missed.add(to);',
        to: '',
      },
    ],
  },
  {
    name: 'epochless',
    faults: ['relapse'],
    about: 'what was heard of an epoch that its source lost hides that others are missing (found by seed 330)',
    lua: [{ file: 'deliver', from: ' or is_after(before_epoch, before, epoch, sequence)', to: '' }],
    source: [{ file: 'engine/partition/heard.ts', from: ' || isBefore(heard, through)', to: '' }],
  },
  {
    name: 'soft-answer',
    faults: ['rollback', 'crash', 'nospace'],
    about: 'a request of the same process is answered before its commit is in the journal',
    source: [
      {
        file: 'engine/journal/chain.ts',
        from: 'await Promise.all([send(), writing])',
        to: 'await Promise.all([send(), writing?.catch(() => undefined) && undefined])',
      },
    ],
  },
  {
    name: 'soft-publish',
    faults: ['rollback', 'crash', 'nospace'],
    about: 'Redis publishes an answer before its commit is in the journal',
    source: [{ file: 'engine/journal/chain.ts', from: 'if (!answersHere) await writing;', to: '' }],
  },
  {
    name: 'promoted-kept',
    faults: ['leap', 'rollback', 'stale'],
    about: 'a timer that had become an entry, which a redone commit covers, fires again',
    lua: [
      { file: 'redo', from: '  promote_again(keys, promoted)\n', to: '' },
      { file: 'redo', from: '    fired(keys, covered)\n', to: '' },
    ],
  },
  {
    name: 'epoch-back',
    faults: ['clock', 'rollback', 'leave', 'crash'],
    about:
      'a partition whose last take was lost is taken by a clock gone back, under an earlier epoch (found by seed 124)',
    source: [
      { file: 'engine/cluster/node.ts', from: 'this.#journal?.last(number)?.epoch ?? 0,', to: '0,' },
      { file: 'engine/cluster/lease.ts', from: 'if (heard > reply[2])', to: 'if (heard < 0)' },
    ],
    lua: [{ file: 'redo', from: "redis.call('HSET', keys[2], 'epoch', args[4])", to: '' }],
  },
  {
    name: 'stale-read',
    faults: ['rollback', 'stale'],
    about: 'a Redis that went back is answered from before it is mended',
    lua: [{ file: 'reads', from: 'if not is_vouched(keys[i], lease[1], lease[2]) then', to: 'if false then' }],
  },
  {
    name: 'no-audit',
    faults: ['flip'],
    about: 'a server started on its file is trusted as it is',
    source: [
      {
        file: 'engine/cluster/node.ts',
        from: 'if (!vouched || damaged) await',
        to: 'if (!vouched && mark === null) await',
      },
    ],
  },
  {
    name: 'heal-late',
    faults: ['doze'],
    about:
      'an audit puts back what was before a commit done again meanwhile, and vouches for it, so that no other audit follows',
    lua: [
      { file: 'audit', from: 'if lease[2] ~= args[2] then', to: 'if false then' },
      {
        file: 'audit',
        from: '  return 1\nend',
        to: "  vouched[keys[1]] = tonumber(redis.call('HGET', keys[1], 'turn') or '0')\n  return 1\nend",
      },
    ],
  },
  {
    name: 'run-ignored',
    faults: ['flip'],
    about: 'a lease goes on when the server that gave it was started anew',
    lua: [{ file: 'turn', from: 'if given[keys[2]] ~= args[1] then', to: 'if false then' }],
  },
  ...NATIVE,
  ...DESK,
];

export const luaOf =
  (mutation: Mutation | undefined) =>
  (name: string, text: string): string =>
    changed(name, text, mutation?.lua ?? []);
