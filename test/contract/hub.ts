import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '#engine/config.ts';
import { startCluster } from '#ops/redis/cluster.ts';
import { startServices } from '#ops/services.ts';
import {
  DGS,
  DILA,
  process as démarche,
  type FolderPlan,
  folder,
  keyOf,
  LENS,
  MEAUX,
  ORLY,
  type Org,
  organization,
  pdf,
  subscription,
} from './country.ts';
import { type Mails, startMails } from './mails.ts';
import type { Json } from './wire.ts';
import { Partner } from './wire.ts';

/** The whole product on free ports, with its own Redis, and a small country enrolled through its API. */
export interface World {
  url: string;
  /** where its processes serve `/metrics`, one after the other */
  metrics: string[];
  redisUrl: string;
  /** its data folder, for another process of the same hub */
  data: string;
  admin: Partner;
  datapass: Partner;
  dgs: Partner;
  dila: Partner;
  /** Orly for CERTDC, Orly for EtatCivil, Meaux for CERTDC: one pair of credentials per subscription */
  orly: Partner;
  orlyCivil: Partner;
  meaux: Partner;
  mails: Mails;
  /** ids of subscriptions by `<process>|<organisation>` */
  subscriptions: Map<string, string>;
  stop(): Promise<void>;
}

const ADMIN_ID = 'contract-admin';
const ADMIN_SECRET = 'secret of the contract tests';

async function sure(partner: Partner, path: string, body: unknown): Promise<Json> {
  const answer = await partner.post(path, body);
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}

async function client(admin: Partner, body: { scope: string } & Record<string, unknown>): Promise<Partner> {
  const { clientId, clientSecret } = await sure(admin, '/admin/v1/clients', body);
  return new Partner(admin.base, body.scope, clientId, clientSecret).login();
}

export async function enrol(
  admin: Partner,
): Promise<Omit<World, 'url' | 'metrics' | 'redisUrl' | 'data' | 'mails' | 'stop' | 'admin'>> {
  const organizations: [Org, string][] = [
    [DGS, 'Direction générale de la santé'],
    [DILA, 'DILA'],
    [ORLY, 'Orly'],
    [MEAUX, 'Meaux'],
    [LENS, 'Lens'],
  ];
  for (const [org, name] of organizations) await sure(admin, '/referential/v1/organizations', organization(org, name));
  await sure(admin, '/referential/v1/processes', démarche('CERTDC', DGS));
  await sure(admin, '/referential/v1/processes', démarche('EtatCivil', DILA, { messageToTransmitter: false }));
  const subscriptions = new Map<string, string>();
  for (const [code, org] of [
    ['CERTDC', ORLY],
    ['EtatCivil', ORLY],
    ['CERTDC', MEAUX],
  ] as const) {
    const { id } = await sure(admin, '/referential/v1/subscriptions', subscription(code, org));
    subscriptions.set(`${code}|${keyOf(org)}`, id);
  }
  const si = (code: string, org: Org) =>
    client(admin, { scope: 'SI', subscriptionId: subscriptions.get(`${code}|${keyOf(org)}`) });
  return {
    subscriptions,
    datapass: await client(admin, { scope: 'DATAPASS', organization: { ...DGS, type: 'Admin' } }),
    dgs: await client(admin, { scope: 'OSL', organization: DGS }),
    dila: await client(admin, { scope: 'OSL', organization: DILA }),
    orly: await si('CERTDC', ORLY),
    orlyCivil: await si('EtatCivil', ORLY),
    meaux: await si('CERTDC', MEAUX),
  };
}

/** Software of partners: of DGS for CERTDC with both rights, one of them, or for another démarche; of Orly for CERTDC. */
export async function enrolPartners(admin: Partner) {
  const partner = (organization: Org, processCodes: string[], rights?: string[]) =>
    client(admin, { scope: 'PARTNER', organization, processCodes, ...(rights && { rights }) });
  return {
    dgsPartner: await partner(DGS, ['CERTDC']),
    dgsReader: await partner(DGS, ['CERTDC'], ['read']),
    dgsWriter: await partner(DGS, ['CERTDC'], ['write']),
    dgsOther: await partner(DGS, ['EtatCivil']),
    orlyPartner: await partner(ORLY, ['CERTDC']),
  };
}

/**
 * HUB_CONTRACT_CLUSTER: `yes` runs the same cases on a cluster of three masters and three replicas, `split` there too, with
 * the API and the engine as processes apart; HUB_DURABILITY=replicated with its WAITs.
 */
export async function startHub(settings: Record<string, string> = {}): Promise<World> {
  const data = mkdtempSync(join(tmpdir(), 'contract-'));
  const mails = await startMails();
  const where = process.env['HUB_CONTRACT_CLUSTER'];
  const replicated = process.env['HUB_DURABILITY'] === 'replicated';
  const extra = { 'min-replicas-to-write': replicated ? '1' : '0' };
  const cluster = where ? await startCluster(join(data, 'cluster'), extra) : undefined;
  const env = {
    HUB_ADMIN_CLIENT_ID: ADMIN_ID,
    HUB_ADMIN_CLIENT_SECRET: ADMIN_SECRET,
    HUB_SMTP_URL: mails.url,
    HUB_LOG_LEVEL: 'error',
    ...settings,
    ...(cluster && { HUB_REDIS_URL: cluster.url }),
    ...(replicated && { HUB_DURABILITY: 'replicated' }),
  };
  const start = (role: Role) => startServices({ role, data, port: 0, host: '127.0.0.1', env }, () => undefined);
  const engine = where === 'split' ? await start('engine') : undefined;
  const services = await start(engine ? 'api' : 'all');
  const stop = async () => {
    await services.stop();
    await engine?.stop();
    await cluster?.stop();
    await mails.stop();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const url = services.url ?? '';
    const admin = await new Partner(url, 'ADMIN', ADMIN_ID, ADMIN_SECRET).login();
    const metrics = engine?.monitor ? [url, engine.monitor] : [url];
    return { url, metrics, redisUrl: services.redisUrl, data, admin, mails, stop, ...(await enrol(admin)) };
  } catch (error) {
    await stop();
    throw error;
  }
}

const API = '/teledossiers/v1';
let deposits = 0;

/** A folder with its files, completed unless told. Gives the sender's view of it. */
export async function deposit(sender: Partner, plan: FolderPlan = {}, complete = true): Promise<Json> {
  deposits += 1;
  const body = folder({ externalId: `DGS-CERTDC-${String(deposits).padStart(13, '0')}`, ...plan });
  const made = await sure(sender, `${API}/folders`, body);
  for (const { id, size } of made.attachments) {
    const uploaded = await sender.upload(`${API}/folders/${made.id}/attachments/${id}`, pdf(size));
    if (uploaded.status !== 204) throw new Error(`upload: ${uploaded.status} ${uploaded.text}`);
  }
  if (!complete) return made;
  const patched = await sender.patch(`${API}/folders/${made.id}`, { globalStatus: 'HUBEE_COMPLETED' });
  if (patched.status !== 204) throw new Error(`completion: ${patched.status} ${patched.text}`);
  return (await sender.get(`${API}/folders/${made.id}`)).json;
}

/** All notifications of a partner, oldest first. */
export async function notifications(partner: Partner): Promise<Json[]> {
  const answer = await partner.get(`${API}/notifications?maxResult=10000&eventDetails=true`);
  if (answer.status !== 200) throw new Error(`notifications: ${answer.status} ${answer.text}`);
  return answer.json;
}

/** Deletes all notifications of a partner, as a client between two tests. */
export async function drain(...partners: Partner[]): Promise<void> {
  for (const partner of partners) {
    const all = await notifications(partner);
    await Promise.all(all.map(({ id }) => partner.remove(`${API}/notifications/${id}`)));
  }
}
