import type { Id } from '../../ids.ts';
import {
  type Attempt,
  CALL_OUTCOMES,
  type CallOutcome,
  type CourierState,
  PAUSE_REASONS,
  type PauseReason,
  type WebhookState,
  type WebhooksState,
} from '../webhook.ts';
import { list, orNull, packOrg, type Row, rows, trim, unpackOrg } from './field.ts';

const attemptRow = ({ at, position, outcome, status, duration }: Attempt): Row => [
  at,
  position,
  CALL_OUTCOMES.indexOf(outcome),
  status,
  duration,
];

const attemptOf = (row: Row): Attempt => ({
  at: row[0] as number,
  position: row[1] as number,
  outcome: CALL_OUTCOMES[row[2] as number] as CallOutcome,
  status: row[3] as number,
  duration: row[4] as number,
});

export const encodeWebhook = (state: WebhookState): Row =>
  trim([
    state.id,
    packOrg(state.org),
    state.url,
    state.created,
    state.secrets.map(({ sealed, publicKey, until }) => trim([sealed, publicKey, until])),
    state.processes,
    state.email,
    state.paused && [PAUSE_REASONS.indexOf(state.paused.reason), state.paused.at],
    state.failing && [state.failing.since, state.failing.failures, state.failing.next],
    list(state.replays),
    list(state.log.map(attemptRow)),
  ]);

export function decodeWebhook(row: Row): WebhookState {
  const paused = orNull<[number, number]>(row[7]);
  const failing = orNull<[number, number, number]>(row[8]);
  return {
    id: row[0] as Id,
    org: unpackOrg(row[1]),
    url: row[2] as string,
    created: row[3] as number,
    secrets: rows(row[4]).map(([sealed, publicKey, until]) => ({
      sealed: sealed as string,
      publicKey: publicKey as string,
      until: orNull<number>(until),
    })),
    processes: orNull<string[]>(row[5]),
    email: orNull<string>(row[6]),
    paused: paused && { reason: PAUSE_REASONS[paused[0]] as PauseReason, at: paused[1] },
    failing: failing && { since: failing[0], failures: failing[1], next: failing[2] },
    replays: (row[9] ?? []) as number[],
    log: rows(row[10]).map(attemptOf),
  };
}

export const encodeWebhooks = ({ webhooks }: WebhooksState): Row =>
  webhooks.flatMap(({ id, org, version }) => [id, packOrg(org), version]);

export function decodeWebhooks(row: Row): WebhooksState {
  const webhooks: WebhooksState['webhooks'] = [];
  for (let i = 0; i < row.length; i += 3)
    webhooks.push({ id: row[i] as Id, org: unpackOrg(row[i + 1]), version: row[i + 2] as number });
  return { webhooks };
}

export const encodeCourier = ({ courier, epoch, until }: CourierState): Row => [courier, epoch, until];
export const decodeCourier = (row: Row): CourierState => ({
  courier: row[0] as string,
  epoch: row[1] as number,
  until: row[2] as number,
});
