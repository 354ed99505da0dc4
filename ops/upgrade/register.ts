import type { Config } from '#engine/config.ts';
import { FORMATS, type Format } from '#engine/domain/format.ts';
import { finalise, forgetLibraries, type Running, running } from '#engine/redis/builds.ts';
import { Calls } from '#engine/redis/calls.ts';
import { connect, disconnect, loadFunctions, reach as reachAll } from '#engine/redis/connect.ts';
import { describe } from '#engine/redis/guard.ts';
import { LIBRARY } from '#engine/redis/library.ts';
import { reach } from '#engine/redis/reach.ts';

/** What runs on a hub, and what it writes: for whoever leads an upgrade. */
export interface Register {
  look(): Promise<{ format: Format; parts: Running[] }>;
  /** Raises the hub's format to the last one this version knows, unless something runs that does not read it. */
  finalise(): Promise<Finalised>;
  close(): Promise<void>;
}

export interface Finalised {
  /** of the hub, now */
  format: Format;
  wanted: Format;
  raised: boolean;
  /** what does not read the wanted format: nothing was done */
  behind: Running[];
  /** libraries of Redis functions that were removed */
  forgotten: string[];
}

export async function openRegister(
  config: Pick<Config, 'redisUrl' | 'durability' | 'masterKey'>,
  onError: (error: Error) => void,
): Promise<Register> {
  await reach(config.redisUrl);
  const client = connect(config.redisUrl, onError);
  try {
    await reachAll(client);
    await describe(client, config.masterKey);
    await loadFunctions(client);
  } catch (error) {
    await disconnect(client);
    throw error;
  }
  const calls = new Calls(client, 1, config.durability.replicas);
  return {
    look: () => running(calls),
    async finalise() {
      const wanted = FORMATS.max;
      const { format: before } = await running(calls);
      const behind = await finalise(calls, wanted);
      const { format, parts } = await running(calls);
      const used = new Set([LIBRARY, ...parts.map(({ library }) => library)]);
      const forgotten = behind.length > 0 ? [] : await forgetLibraries(client, used);
      return { format, wanted, raised: format > before, behind, forgotten };
    },
    close: () => disconnect(client),
  };
}

const HEAD = ['version', 'formats', 'functions', 'part', 'process', 'since'];

/** One line a part of a process, under the hub's format. */
export function table(format: Format, parts: readonly Running[]): string {
  const rows = parts
    .toSorted((a, b) => `${a.version} ${a.host}`.localeCompare(`${b.version} ${b.host}`) || a.pid - b.pid)
    .map(({ version, formats: { min, max }, library, part, member, host, pid, since }) => [
      version,
      min === max ? `${max}` : `${min}–${max}`,
      library,
      part,
      `${host}:${pid}${member === '' || member === `${host}:${pid}` ? '' : ` (${member})`}`,
      new Date(since).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length),
    ]);
  const widths = HEAD.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] as string).length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] as number))
      .join('  ')
      .trimEnd();
  return [
    `the hub writes format ${format}`,
    ...(rows.length > 0 ? [line(HEAD), ...rows.map(line)] : ['nothing runs on it']),
  ].join('\n');
}
