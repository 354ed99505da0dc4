import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMATS } from '#engine/domain/format.ts';
import { VERSION } from '#engine/version.ts';
import { hubFolder, projectFolder } from '#ops/place.ts';

/**
 * The next version of the product, for upgrades to be tried before there is one: this tree, in a folder of its own, with
 * one more format. From that format on a new case has a field more, and turns call their functions otherwise.
 */
export const NEXT = { version: '0.0.0-next', format: FORMATS.max + 1 } as const;

/** What a process of the product needs of its tree. */
const FOLDERS = ['api', 'engine', 'ops'];
const FILES = ['hub', 'package.json', 'package-lock.json', '.npmrc', 'tsconfig.json'];

type Change = readonly [file: string, from: string, to: string];

/** Of the lease: the mark that a changed function leaves. */
export const MARKED = 'format';
/** Place of the new field in a case's row. */
export const FIELD = 21;

const CHANGES: readonly Change[] = [
  ['package.json', `"version": "${VERSION}"`, `"version": "${NEXT.version}"`],
  ['engine/domain/format.ts', `max: ${FORMATS.max} }`, `max: ${NEXT.format} }`],
  // a new field of a record, written from the new format on
  ['engine/domain/records/case.ts', '  held?: true;', '  held?: true;\n  delivered?: number;'],
  [
    'engine/domain/records/codecs/case.ts',
    '    pendingRow(state.pending, encodeEvent),\n  ]);',
    '    pendingRow(state.pending, encodeEvent),\n    state.delivered ?? null,\n  ]);',
  ],
  [
    'engine/domain/records/codecs/case.ts',
    '    ...pendingOf(row[20], decodeEvent),\n',
    '    ...pendingOf(row[20], decodeEvent),\n    ...(typeof row[21] === "number" ? { delivered: row[21] } : {}),\n',
  ],
  [
    'engine/domain/deciders/case/deliver.ts',
    '(known ?? created(content)), attachments };',
    `(known ?? created(content)), attachments, ...(decision.settings.format >= ${NEXT.format} && { delivered: decision.now }) };`,
  ],
  // an operation of a turn, and of its journal, that the functions of the version before do not know
  [
    'engine/redis/lua/turn.lua',
    '  -- trims a stream below a number\n',
    `  E = function(keys, args, key, from) redis.call('HSET', keys[key], '${MARKED}', args[from]) end,\n  -- trims a stream below a number\n`,
  ],
  [
    'engine/partition/partition.ts',
    '    this.cells.rest();\n    this.#errands.write',
    `    if (batch && this.settings.format >= ${NEXT.format}) list.push('E', keys.lease, [String(this.settings.format)]);\n    this.cells.rest();\n    this.#errands.write`,
  ],
];

/** @param folder where its tree is made */
export function makeNext(folder: string): string {
  mkdirSync(join(folder, '.hub'), { recursive: true });
  for (const name of [...FOLDERS, ...FILES]) cpSync(join(projectFolder, name), join(folder, name), { recursive: true });
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  for (const name of ['node', 'redis']) symlinkSync(join(hubFolder, name), join(folder, '.hub', name));
  for (const [file, from, to] of CHANGES) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2) throw new Error(`${file} has not once what the next version changes: ${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  return folder;
}
