import { randomUUID } from 'node:crypto';
import { Cpu } from './cpu.ts';
import { Latencies, progress, spread } from './measure.ts';
import { depositBody } from './native.ts';
import { PushSocket } from './socket.ts';
import type { Stage } from './stage.ts';
import { askToken } from './token.ts';
import { settle, type Town } from './town.ts';
import { Wire } from './wire.ts';

/** Deposits in an open loop, whatever the hub does with them, and the frames that tell of them. */

const WIRES = 256;
const TOKENS_AT_ONCE = 32;
const CREDIT = 1_000;
const MS = 1_000;
/** What is still on its way at the end is waited for as long. */
const SETTLE_MS = 5_000;

export interface PushStage {
  url: string;
  pids: { product: number; redis: number };
  token: string;
  towns: readonly Town[];
  /** tokens of the towns */
  tokens: readonly string[];
}

/** A country of so many towns, with credentials. */
export async function pushStage(stage: Stage, towns: number): Promise<PushStage> {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns: made } = await settle(hub, stage.config.masterKey, towns, true);
  const wires = await Promise.all(Array.from({ length: TOKENS_AT_ONCE }, () => Wire.open(product.url)));
  const tokens: string[] = [];
  await spread(TOKENS_AT_ONCE, TOKENS_AT_ONCE, async (lane) => {
    for (let index = lane; index < towns; index += TOKENS_AT_ONCE)
      tokens[index] = await askToken(wires[lane] as Wire, made[index]?.client as { id: string; secret: string }, 'SI');
  });
  const token = await askToken(wires[0] as Wire, sender, 'OSL');
  for (const wire of wires) wire.close();
  return { url: product.url, pids: { product: product.pid, redis: stage.redis.pid }, token, towns: made, tokens };
}

export interface PushRun {
  /** from the moment a deposit was due to its frame, of those due after the warm-up */
  latencies: Latencies;
  /** from the same moment to the answer of the deposit */
  answers: Latencies;
  deposits: number;
  errors: number;
  /** answered, and never told of, of towns that acknowledge */
  lost: number;
  spent: string;
}

export interface PushLoad {
  /** deposits a second */
  rate: number;
  seconds: number;
  warmUp: number;
  /** these towns, the first ones, never acknowledge */
  stuck: number;
  /** these, the first ones, are not measured; absent: those that are stuck */
  apart?: number;
}

/** Opens a connection a town, and deposits to one after the other. */
export async function pushRun({ url, pids, token, towns, tokens }: PushStage, load: PushLoad): Promise<PushRun> {
  const { rate, seconds, warmUp, stuck, apart = stuck } = load;
  const seen = new Map<string, number>();
  const sockets = await Promise.all(
    towns.map(async (_, index) => {
      const socket: PushSocket = await PushSocket.open(url, '/relais/v1/push', tokens[index] as string, (text) => {
        const frame = JSON.parse(text) as { type: string; events?: { subject: string; sequence: string }[] };
        if (frame.type !== 'events' || frame.events === undefined) return;
        const now = performance.now();
        for (const { subject } of frame.events) seen.set(subject, now);
        if (index >= stuck) socket.send(`{"type":"acknowledge","position":${frame.events.at(-1)?.sequence}}`);
      });
      socket.send(`{"type":"open","credit":${CREDIT}}`);
      return socket;
    }),
  );
  const free = await Promise.all(Array.from({ length: WIRES }, () => Wire.open(url)));
  const wires = [...free];
  const fixed = `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  const bodies = depositBody(300);
  const waiting: (() => void)[] = [];
  const due = new Map<string, number>();
  const answers = new Latencies();
  let errors = 0;
  const begun = performance.now();
  const deposit = async (town: number, at: number): Promise<void> => {
    while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    // The one that rested longest: the hub closes what is idle for ten seconds.
    const wire = free.shift() as Wire;
    const headers = `${fixed}Idempotency-Key: ${randomUUID()}\r\n`;
    const answer = await wire.send('POST', '/relais/v1/folders', headers, bodies((towns[town] as Town).identity));
    free.push(wire);
    waiting.shift()?.();
    if (at - begun >= warmUp * MS) answers.add(performance.now() - at);
    if (answer.status !== 201) errors += 1;
    else if (town >= apart)
      due.set((JSON.parse(answer.body.toString()) as { cases: [{ id: string }] }).cases[0].id, at);
  };
  const total = rate * (warmUp + seconds);
  const shown = progress('deposits', total);
  const flying = new Set<Promise<void>>();
  let cpu: Cpu | undefined;
  for (let sent = 0; sent < total; ) {
    const now = performance.now() - begun;
    if (cpu === undefined && now > warmUp * MS) cpu = new Cpu(pids);
    for (; sent < total && (sent * MS) / rate <= now; sent += 1) {
      const one = deposit(sent % towns.length, begun + (sent * MS) / rate);
      flying.add(one);
      void one.finally(() => flying.delete(one));
    }
    shown(sent);
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(flying);
  const spent = cpu?.each(rate * seconds) ?? '';
  for (
    const until = performance.now() + SETTLE_MS;
    performance.now() < until && [...due.keys()].some((id) => !seen.has(id));
  )
    await new Promise<void>((resolve) => setTimeout(resolve, 50));
  const latencies = new Latencies();
  let lost = 0;
  for (const [id, at] of due) {
    const told = seen.get(id);
    if (told === undefined) lost += 1;
    else if (at - begun >= warmUp * MS) latencies.add(told - at);
  }
  for (const one of [...sockets, ...wires]) one.close();
  return { latencies, answers, deposits: due.size, errors, lost, spent };
}
