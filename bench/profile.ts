import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hubFolder, projectFolder } from '#ops/place.ts';

/**
 * Where a run's processor time goes, as text: `./hub bench NAME --profile`. Each thread of the product writes a profile as it
 * ends; what is kept of it is a page in bench/profiles/.
 */

/** As Node's --cpu-prof writes it. */
export interface CpuProfile {
  nodes: ProfileNode[];
  /** id of the node that ran */
  samples: number[];
  /** before each sample, µs */
  timeDeltas: number[];
}

export interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  children?: number[];
}

export interface Share {
  name: string;
  /** parts of all that is not idle */
  self: number;
  inclusive: number;
}

/** Rare enough to change little: two per thousand of a core at some 20 µs a sample. µs */
const INTERVAL_US = 1_000;
/** Lines of each table. */
const TOP = 30;
const PERCENT = 100;
/** A shell's look at its version leaves profiles too. Seconds */
const SHORTEST_S = 0.5;
const US = 1_000_000;
/** Thread in the name of a profile: CPU.date.time.pid.thread.number. */
const THREAD = /\.(\d+)\.\d+\.cpuprofile$/;
const NOT_WORK = new Set(['(idle)', '(root)']);
/** Loading of modules, once a process: it would weigh on a short run as it never does on a long one. */
const LOADING = 'node:internal/modules/';

/** Folder of this run's profiles; undefined: nobody asked for them. */
export function profileFolder(): string | undefined {
  if (!process.argv.includes('--profile')) return undefined;
  const folder = join(hubFolder, 'bench', 'profiles');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

export const profileOptions = (folder: string): string =>
  `--cpu-prof --cpu-prof-interval=${INTERVAL_US} --cpu-prof-dir=${folder}`;

const placeOf = ({ functionName, url, lineNumber }: ProfileNode['callFrame']): string => {
  const file = url.replace('file://', '').replace(`${projectFolder}/`, '');
  return `${functionName || '(anonymous)'} ${file === '' ? '' : `${file}:${lineNumber + 1}`}`.trim();
};

/** Shares of functions, each counted once in a stack that names it several times; idle time and loading of modules left out. */
export function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): { shares: Share[]; busy: number; whole: number } {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const times = new Map<number, number>();
  for (const [index, id] of samples.entries()) times.set(id, (times.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  const shares = new Map<string, Share>();
  const share = (name: string): Share => {
    const found = shares.get(name) ?? { name, self: 0, inclusive: 0 };
    shares.set(name, found);
    return found;
  };
  let [busy, whole] = [0, 0];
  for (const [id, time] of times) {
    const node = byId.get(id) as ProfileNode;
    whole += time;
    if (NOT_WORK.has(node.callFrame.functionName)) continue;
    const frames: ProfileNode['callFrame'][] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at))
      frames.push((byId.get(at) as ProfileNode).callFrame);
    if (frames.some(({ url }) => url.startsWith(LOADING))) continue;
    busy += time;
    share(placeOf(node.callFrame)).self += time;
    const stack = new Set(frames.filter(({ functionName }) => !NOT_WORK.has(functionName)).map(placeOf));
    for (const name of stack) share(name).inclusive += time;
  }
  for (const one of shares.values()) {
    one.self /= busy;
    one.inclusive /= busy;
  }
  return { shares: [...shares.values()], busy, whole };
}

/** Self time by the file a function is in: what parts of the product take. */
function byFile(shares: readonly Share[]): string[] {
  const files = new Map<string, number>();
  for (const { name, self } of shares) {
    const file = /(\S+):\d+$/.exec(name)?.[1] ?? '(built in)';
    files.set(file, (files.get(file) ?? 0) + self);
  }
  const top = [...files].sort(([, a], [, b]) => b - a).slice(0, TOP);
  return ['by file, self time', ...top.map(([file, self]) => `${(self * PERCENT).toFixed(1).padStart(5)} %  ${file}`)];
}

function table(shares: readonly Share[], by: 'self' | 'inclusive'): string[] {
  const top = [...shares].sort((a, b) => b[by] - a[by]).slice(0, TOP);
  const part = (value: number): string => `${(value * PERCENT).toFixed(1).padStart(5)} %`;
  return [`by ${by} time`, ...top.map((one) => `${part(one.self)} self ${part(one.inclusive)} inclusive  ${one.name}`)];
}

/** Writes bench/profiles/NAME.txt from the profiles of a folder, and removes them. */
export function summarize(folder: string): void {
  const name = basename(process.argv[1] ?? 'bench', '.bench.ts');
  const pages: string[] = [];
  for (const file of globSync('*.cpuprofile', { cwd: folder }).sort()) {
    const { shares, busy, whole } = sharesOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile);
    if (busy < SHORTEST_S * US) continue;
    const thread = THREAD.exec(file)?.[1] === '0' ? 'main thread (API)' : `thread ${THREAD.exec(file)?.[1]} (engine)`;
    const head = `${thread}: busy ${(busy / US).toFixed(1)} s of ${(whole / US).toFixed(1)} s, start and end included, loading of modules left out`;
    pages.push(
      [head, '', ...byFile(shares), '', ...table(shares, 'self'), '', ...table(shares, 'inclusive'), ''].join('\n'),
    );
  }
  const target = join(projectFolder, 'bench', 'profiles');
  mkdirSync(target, { recursive: true });
  const title = `./hub bench ${name} ${process.argv.slice(2).join(' ')}, ${new Date().toISOString()}\n`;
  writeFileSync(join(target, `${name}.txt`), [title, ...pages].join('\n'));
  rmSync(folder, { recursive: true });
}
