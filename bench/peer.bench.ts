/**
 * The peer: the same deposits by our engine and by BullMQ over the same Redis, without HTTP, taking turns in one run.
 *
 * `--seconds=S --turns=N --towns=N --under-way=N`. Ours: an engine process, and a client that has so many deposits under way, each
 * answered when it lies in its recipient's mailbox, in order, with its timers, feed and journal. BullMQ: one queue, one worker
 * process, jobs added in bulk, the worker writing a record and a mailbox entry: no order per recipient, no journal.
 */
import type { Command } from '#engine/domain/commands.ts';
import { derive, KIND, newId, toUuid } from '#engine/domain/ids.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { compare, readBack } from './delivered.ts';
import { drive } from './load.ts';
import { option } from './measure.ts';
import { Bull } from './peer/bull.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { PROCESS, SENDER, settle, type Town } from './town.ts';

const seconds = option('seconds', 30);
const turns = option('turns', 2);
const townCount = option('towns', 9_200);
const lanes = option('under-way', 2_000);
const WARM_UP = 2;
const FILE_BYTES = 300;
const SHA256 = 'gzC8kNpW+cmI6AK1s6flSBbQROpJg0EWKQjpqt9XTbM=';

const stage = await openStage();
try {
  const engine = await stage.start('engine');
  const hub = await stage.hub();
  const { towns } = await settle(hub, stage.config.masterKey, townCount, false);
  let number = 0;
  /** What both sides carry: the decision's command, some 1 kB of JSON. */
  const deposit = (town: number): { home: number; id: string; command: Command } => {
    number += 1;
    const { key } = towns[town] as Town;
    const home = partitionOf(key);
    const folder = newId(KIND.folder, home, hub.now());
    const externalId = `BANC-PEER-${String(number).padStart(13, '0')}`;
    const described = { fileName: 'demande.pdf', type: 'document', size: FILE_BYTES, mimeType: 'application/pdf' };
    const blob = `${derive(folder, KIND.attachment, home, 0)}-AAAA`;
    const command: Command = {
      kind: 'folder.deposit',
      folder,
      sender: orgKey(SENDER),
      process: PROCESS,
      externalId,
      applicant: { firstName: 'Camille', lastName: 'Exemple', email: null },
      partnerInfo: { editorName: 'Banc', applicationName: 'bench', softwareVersion: '1' },
      cases: [{ externalId: `${externalId}-01`, recipient: key, home, partnerAttributes: null }],
      attachments: [{ ...described, recipients: [0], status: 'RECEIVED', sha256: SHA256, blob }],
      mails: [null],
      purge: { status: 'CLOSED', fileDays: 30, archiveDays: 90, deleteDays: 365 },
      repeated: false,
    };
    return { home, id: toUuid(derive(folder, KIND.case, home, 0)), command };
  };

  const answered = new Map<number, string[]>();
  const next = Array.from({ length: lanes }, (_, lane) => lane % townCount);
  const ours = async (lane: number): Promise<boolean> => {
    const town = next[lane] as number;
    next[lane] = town + lanes < townCount ? town + lanes : lane % townCount;
    const { home, id, command } = deposit(town);
    const { status } = await hub.ask(home, command);
    if (status >= 400) return false;
    const told = answered.get(town);
    if (told) told.push(id);
    else answered.set(town, [id]);
    return true;
  };

  const bull = await Bull.open(stage.redis.port);
  const recipients = towns.map(({ key }) => key);
  const [mine, theirs] = [
    { delivered: 0, seconds: 0 },
    { delivered: 0, seconds: 0 },
  ];
  const p99: number[] = [];
  let [lostByBull, serial] = [0, 0];
  for (let turn = 0; turn < turns; turn += 1) {
    const run = await drive({ lanes, seconds, warmUp: WARM_UP, rate: 0 }, ours, {
      engine: engine.pids,
      redis: stage.redisPids,
    });
    console.log(`ours    ${run.perSecond.toFixed(0)} /s, ${run.latencies}, ${run.spent}`);
    mine.delivered += run.counted;
    mine.seconds += seconds;
    p99.push(run.latencies.percentile(0.99));
    const other = await bull.run(WARM_UP + seconds, recipients, () => {
      serial += 1;
      const { id, command } = deposit(serial % townCount);
      return { id, recipient: recipients[serial % townCount] as string, body: JSON.stringify(command) };
    });
    console.log(`BullMQ  ${(other.delivered / other.seconds).toFixed(0)} /s`);
    theirs.delivered += other.delivered;
    theirs.seconds += other.seconds;
    lostByBull += other.lost;
  }
  await bull.close();
  const { lost, doubled, reordered } = compare(answered, await readBack(hub, towns), true);
  const [perSecond, peer] = [mine.delivered / mine.seconds, theirs.delivered / theirs.seconds];
  report(
    'peer',
    `${turns} turns of ${seconds} s each side, ${lanes} deposits of ours under way, ${townCount} recipients, no HTTP on either side; one engine or worker process, Redis and the client on the same cores, ${stage.durability} for both. Ours: ${lost} lost, ${doubled} doubled, ${reordered} recipients out of order, p99 ${Math.max(...p99).toFixed(0)} ms. BullMQ: one queue, no order per recipient, ${lostByBull} lost.`,
    [
      { name: 'ours, delivered', value: perSecond, unit: '/s' },
      { name: 'BullMQ, delivered', value: peer, unit: '/s' },
      { name: 'ours to BullMQ', value: perSecond / peer, unit: '×', aim: { atLeast: 2 } },
    ],
    stage.redisVersion,
  );
  if (lost + doubled + reordered > 0) process.exitCode = 1;
  await engine.stop();
} finally {
  await stage.close();
}
