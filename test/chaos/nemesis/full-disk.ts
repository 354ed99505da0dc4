import { setTimeout as pause } from 'node:timers/promises';
import { probe } from '#ops/redis/probe.ts';
import { Caller } from '../caller.ts';
import type { SmallDisk } from '../disk.ts';
import type { Fault, Scene } from '../fault.ts';
import { acknowledged, History } from '../history.ts';
import { Readback } from '../readback.ts';
import type { Site } from '../site.ts';
import type { KeptServer } from '../store.ts';

/** A disk takes no more bytes for some seconds: what needs it is refused, and comes back by itself when there is room. */
const FULL_MS = 2_500;
const MORE_MS = 2_000;
/** Redis ends at its first write on a full disk, which the load makes. ms */
const ENDS_MS = 15_000;
const LOOK_MS = 20;
const NOTIFICATIONS = '/teledossiers/v1/notifications';

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

/** Uploads asked while the disk was full were taken or put off, nothing else. */
function mustPutOff(history: History, from: number, to: number): void {
  const asked = history.of('upload').filter(({ sent, done }) => sent > from && done < to);
  const wrong = asked.find((entry) => !acknowledged(entry) && entry.status !== 503);
  must(wrong === undefined, `with a full disk an upload was answered with ${wrong?.status || 'nothing'}`);
  must(
    asked.some(({ status }) => status === 503),
    'no upload was refused: the disk was not full',
  );
}

/** A file of before is served as it was sent. */
async function mustServe(site: Site, { country, history }: Scene): Promise<void> {
  const { who, case: id, file, digest } = history.of('complete').find(acknowledged) ?? {};
  must(id !== undefined, 'no folder was completed before the disk was full');
  const read = new Readback(site.url, country);
  const served = await read.file(who as number, id as string, file as string);
  read.close();
  must(served === digest, `with a full disk, file ${file} was ${served === undefined ? 'refused' : 'another'}`);
}

export const fullBlobs: Fault = {
  name: 'full-blobs',
  layout: 'one',
  disk: 'blobs',
  async act(site, random, scene) {
    const disk = site.disk as SmallDisk;
    disk.fill();
    const from = performance.now();
    await pause(FULL_MS + random.below(MORE_MS));
    await mustServe(site, scene);
    mustPutOff(scene.history, from, performance.now());
    disk.free();
  },
};

/** While Redis is away, requests are put off and the process says that it lives. */
async function mustAnswer(site: Site, { country }: Scene): Promise<void> {
  const caller = new Caller(site.url, country.towns[0]?.token as string, new History());
  const { status, head } = await caller.send({ method: 'GET', path: NOTIFICATIONS });
  must(
    status === 503 && /^retry-after: *\d/im.test(head),
    `without Redis a list was answered with ${status || 'nothing'}`,
  );
  const live = await caller.send({ method: 'GET', path: '/health/live' });
  must(live.status === 200, `without Redis /health/live was answered with ${live.status || 'nothing'}`);
  caller.close();
}

/** The product's own Redis stops, and the product starts it again when there is room: nobody else does. */
export const fullRedis: Fault = {
  name: 'full-redis',
  layout: 'kept',
  disk: 'redis',
  async act(site, random, scene) {
    const disk = site.disk as SmallDisk;
    const { port } = site.store as KeptServer;
    disk.fill();
    const deadline = performance.now() + ENDS_MS;
    while ((await probe(port)).state !== 'down') {
      must(performance.now() < deadline, 'Redis went on with a full disk');
      await pause(LOOK_MS);
    }
    await mustAnswer(site, scene);
    await pause(FULL_MS + random.below(MORE_MS));
    await mustAnswer(site, scene);
    disk.free();
  },
};

export const fullJournal: Fault = {
  name: 'full-journal',
  layout: 'one',
  disk: 'journal',
  async act(site, random) {
    const disk = site.disk as SmallDisk;
    disk.fill();
    await pause(FULL_MS + random.below(MORE_MS));
    disk.free();
  },
};
