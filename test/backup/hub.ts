import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '#ops/place.ts';
import { probe } from '#ops/redis/probe.ts';
import { lastPort } from '#ops/redis/server.ts';
import { Checker, type Finding } from '#test/chaos/checker.ts';
import type { Country } from '#test/chaos/country.ts';
import { checkFeed } from '#test/chaos/feeds.ts';
import { acknowledged, History, SENDER_DESK } from '#test/chaos/history.ts';
import { spansOf } from '#test/chaos/order.ts';
import { Readback } from '#test/chaos/readback.ts';
import type { Site } from '#test/chaos/site.ts';

/** A hub that is saved, destroyed and restored by the commands an operator types. */
export interface Said {
  code: number;
  out: string;
  err: string;
}

/** `./hub …`, with the load of this process going on. */
export async function hub(env: NodeJS.ProcessEnv, ...words: string[]): Promise<Said> {
  const child = spawn(join(projectFolder, 'hub'), words, { env: { ...process.env, ...env }, cwd: projectFolder });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, out: out.trim(), err };
}

/** Every process of it dies without a word, Redis too. */
export async function killEverything(site: Site): Promise<void> {
  const { pid, state } = await probe(lastPort(join(site.data, 'redis')));
  await Promise.all(site.members.map((member) => member.kill()));
  if (state === 'down') return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with who had started it.
  }
  while ((await probe(lastPort(join(site.data, 'redis')))).state !== 'down');
}

/** … and its folder is gone, but for the parts that survive. */
export async function destroy(site: Site, ...survivors: string[]): Promise<void> {
  await killEverything(site);
  for (const name of readdirSync(site.data))
    if (!survivors.includes(name)) rmSync(join(site.data, name), { recursive: true });
}

/** All that agents, towns and the sender can read: lists, feeds, cursors, folders, cases, and files by their digest. */
export async function answers(site: Site, country: Country, history: History): Promise<Record<string, unknown>> {
  const read = new Readback(site.url, country);
  const said: Record<string, unknown> = {};
  try {
    const tokens: [who: number, token: string][] = [
      [SENDER_DESK, country.sender],
      ...country.towns.map(({ token }, number): [number, string] => [number, token]),
    ];
    for (const [who, token] of tokens) {
      said[`list ${who}`] = await read.list(who);
      said[`feed ${who}`] = await read.feed(who);
      said[`cursors ${who}`] = await cursors(site.url, token);
    }
    for (const { who, case: id, folder, file } of history.deliveries.filter(acknowledged)) {
      said[`folder ${folder}`] ??= await read.folder(folder as string);
      said[`case ${id}`] ??= await read.case(who, id as string);
      said[`file ${file}`] ??= await read.file(who, id as string, file as string);
    }
  } finally {
    read.close();
  }
  return said;
}

/** Consumers with their positions; who holds them, and since when, is of one run of the hub. */
async function cursors(url: string, token: string): Promise<unknown> {
  const answer = await fetch(`${url}/relais/v1/feed/consumers`, { headers: { Authorization: `Bearer ${token}` } });
  const consumers = (await answer.json()) as { name: string; position: unknown; acknowledged: unknown }[];
  return consumers.map(({ name, position, acknowledged }) => ({ name, position, acknowledged }));
}

/**
 * What is lost of what was answered before a moment. Later answers are held for not given: what they tell may be there.
 * @param ended when nothing could be saved any more, ms
 */
export async function lost(
  site: Site,
  country: Country,
  history: History,
  began: number,
  ended: number,
): Promise<Finding[]> {
  const known = new History();
  for (const entry of history.entries) {
    if (entry.reader !== undefined || entry.sent > ended) continue;
    if (entry.done < began) known.add(entry);
    else if (entry.kind !== 'list') known.add({ ...entry, status: 0 });
  }
  const read = new Readback(site.url, country);
  try {
    const found = await new Checker(known, read, country).check(0);
    for (const [who] of country.towns.entries()) {
      const told = known.deliveries.filter((entry) => entry.who === who);
      found.push(...checkFeed(who, await read.feed(who), told, spansOf(known)));
    }
    return found;
  } finally {
    read.close();
  }
}
