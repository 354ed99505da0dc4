import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DispatchPace } from '#api/webhooks/dispatch.ts';
import { WebhookSecrets } from '#api/webhooks/secrets.ts';
import { type Hub, openHub } from '#engine/client/hub.ts';
import type { Command } from '#engine/domain/commands.ts';
import { type Id, KIND } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { FSYNC } from '#engine/redis/durability.ts';
import { startServices } from '#ops/services.ts';
import { createCommand, osl, patchFolder, received } from '#test/domain/samples.ts';
import { testId } from '#test/domain/world.ts';

/** Short, so that a test sees a hold end. */
export const PACE: DispatchPace = { leaseMs: 2_500, lookMs: 300, silenceMs: 1_000, callMs: 1_000 };

export const hubConfig = (redisUrl: string, masterKey: Buffer) => ({
  redisUrl,
  masterKey,
  backlogLimit: 50_000,
  askMs: 10_000,
  durability: FSYNC,
});

/** Engines with their Redis, and no process that delivers: those are a test's own. */
export interface Site {
  redisUrl: string;
  key: Buffer;
  hub: Hub;
  register(org: OrgKey, url: string): Promise<Id>;
  /** a new case in the feed of an organisation */
  tell(org: OrgKey): Promise<void>;
  stop(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const data = mkdtempSync(join(tmpdir(), 'webhooks-'));
  const key = randomBytes(32);
  const env = { HUB_LOG_LEVEL: 'error', HUB_MASTER_KEY: key.toString('hex') };
  const services = await startServices({ role: 'engine', data, port: 0, env }, () => undefined);
  const hub = await openHub(hubConfig(services.redisUrl, key), () => undefined).catch(async (error: unknown) => {
    await services.stop();
    throw error;
  });
  const secrets = new WebhookSecrets(key);
  const sure = async (partition: number, command: Command): Promise<void> => {
    const { status, body } = await hub.ask(partition, command);
    if (status >= 300) throw new Error(`${command.kind}: ${status} ${JSON.stringify(body)}`);
  };
  return {
    redisUrl: services.redisUrl,
    key,
    hub,
    async register(org, url) {
      const id = testId(KIND.other, partitionOf(org), Date.now());
      const { sealed, publicKey } = secrets.make(id);
      const common = { processes: null, email: null, secret: { sealed, publicKey }, after: null };
      await sure(partitionOf(org), { kind: 'webhook.create', id, org, url, ...common });
      return id;
    },
    async tell(org) {
      const command = createCommand({ recipients: [org] });
      const { folder } = command;
      const home = partitionOf(org);
      await sure(home, command);
      await sure(home, { kind: 'folder.upload', folder, index: 0, caller: osl, upload: received('b0') });
      await sure(home, patchFolder({ folder, home, cases: [] }, 'HUBEE_COMPLETED'));
    },
    async stop() {
      await hub.close();
      await services.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
