import type { Mutation } from './mutations.ts';

/** Known bugs of the native API: its keys, its held cases, feeds. */
export const NATIVE: readonly Mutation[] = [
  {
    name: 'key-late',
    faults: ['lose', 'drop', 'cut', 'crash'],
    about: 'a key is recorded when its request comes again, after the deposit: a lost answer makes two folders',
    source: [
      {
        file: 'engine/domain/deciders/native/key.ts',
        from: '    if (key.folder !== null) {',
        to: '    if (key.folder !== null && put) {',
      },
    ],
  },
  {
    name: 'deposit-twice',
    faults: ['lose', 'drop', 'cut'],
    about: 'a deposit sent again under its folder is made again',
    source: [
      {
        file: 'engine/domain/deciders/native/deposit.ts',
        from: 'if (known !== undefined) repeat(',
        to: 'if (known !== undefined && known.caseCount < 0) repeat(',
      },
    ],
  },
  {
    name: 'release-untold',
    about: 'a held case is delivered, and its sender’s feed does not say so',
    source: [
      {
        file: 'engine/domain/deciders/hold/release.ts',
        from: 'tellFeed(decision, sender, { type, case: id, event: null, status: null, process });',
        to: '',
      },
    ],
  },
  {
    name: 'release-unlisted',
    about: 'a held case that migrated is delivered, and a migration that begins meanwhile does not find it',
    source: [
      {
        file: 'engine/domain/deciders/hold/release.ts',
        from: '    markCase(decision, org, process, id, CASE_MARK.open);\n',
        to: '',
      },
    ],
  },
  {
    name: 'release-newest',
    about: 'held cases are released newest first',
    source: [
      {
        file: 'engine/domain/deciders/hold/release.ts',
        from: 'entries.slice(0, RELEASED_PER_TURN)',
        to: 'entries.slice(-RELEASED_PER_TURN).reverse()',
      },
    ],
  },
  {
    name: 'door-early',
    about: 'a mailbox believes what comes last of its subscription, not what is newer',
    source: [
      {
        file: 'engine/domain/deciders/hold/door.ts',
        from: '!isNewer(word, known.word)',
        to: 'word === known.word',
      },
    ],
  },
  {
    name: 'door-unreleased',
    about: 'a subscription becomes active and nothing releases the cases held for it',
    source: [
      {
        file: 'engine/domain/deciders/hold/door.ts',
        from: 'if (isOpen(word) && door.held > 0)',
        to: 'if (isOpen(word) && door.held > 1)',
      },
    ],
  },
  {
    name: 'cursor-back',
    about: 'an acknowledgement that comes late takes a reader back',
    source: [
      {
        file: 'engine/domain/deciders/mailbox/consumer.ts',
        from: 'Math.max(known?.acknowledged ?? 0, upTo)',
        to: 'Math.max(0, upTo)',
      },
    ],
  },
];
