import type { Mutation } from './mutations.ts';

/** Known bugs of what agents decide, and of files sent before their folder. */
export const DESK: readonly Mutation[] = [
  {
    name: 'undone-leaves',
    about: 'a decision is undone, so its agent is told, and leaves all the same',
    source: [
      {
        file: 'engine/domain/deciders/case/pending.ts',
        from: '  decision.put(caseName(id), rest);\n  decision.untimer(leaveTimer(id));\n',
        to: '  if (Object.keys(rest).length === 0) decision.untimer(leaveTimer(id));\n',
      },
    ],
  },
  {
    name: 'version-any',
    about: 'a decision is taken on a version of the case that is no more',
    source: [
      {
        file: 'engine/domain/deciders/case/moved.ts',
        from: 'if (seen !== undefined && seen !== versionOf(state))',
        to: "if (seen === '')",
      },
    ],
  },
  {
    name: 'decided-anew',
    faults: ['lose', 'drop', 'cut'],
    about: 'a decision asked for again, its answer lost, is not known as the one that left',
    source: [
      {
        file: 'engine/domain/deciders/case/pending.ts',
        from: 'known || state.events.some((one) => one.id === first.id)',
        to: 'known',
      },
    ],
  },
  {
    name: 'line-anew',
    about: 'a line of a lot that was begun by a process that died is another decision',
    source: [
      {
        file: 'api/bulk/runner.ts',
        from: 'lines.filter(({ decision }) => decision === null)',
        to: 'lines.filter(({ decision }) => decision !== undefined)',
      },
    ],
  },
  {
    name: 'file-shared',
    about: 'a file sent before is given to every folder that names it',
    source: [
      {
        file: 'engine/domain/deciders/native/file.ts',
        from: 'if (known.folder !== null && known.folder !== folder) decision.refuse(',
        to: 'if (known.folder === file) decision.refuse(',
      },
    ],
  },
];
