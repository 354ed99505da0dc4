/** `./hub demo --ops`: supervision beside a hub of this machine, with the rules and in the time of production. */
import { join } from 'node:path';
import { freePort, isFree } from '#ops/redis/server.ts';
import { type Supervision, startSupervision } from './supervision.ts';

/** Where people look for them. */
const USUAL = { prometheus: 9090, alertmanager: 9093 } as const;

const portNear = async (usual: number): Promise<number> => ((await isFree(usual)) ? usual : freePort());

/** Whom `startBeside` watches. */
export interface Watched {
  /** data folder: theirs lie in it */
  data: string;
  /** base URL of the API */
  url: string;
  /** where the e-mails of Alertmanager go; undefined: to the example's mail server */
  smtpUrl?: string | undefined;
}

/** @throws MissingProgram when there is none and none can be fetched */
export async function startBeside({ data, url, smtpUrl }: Watched, say: (line: string) => void): Promise<Supervision> {
  const ports = {
    prometheus: await portNear(USUAL.prometheus),
    alertmanager: await portNear(USUAL.alertmanager),
  };
  const smtp = smtpUrl ? new URL(smtpUrl).host : undefined;
  const started = await startSupervision({
    folder: join(data, 'ops'),
    targets: { relais: [url] },
    factor: 1,
    smtp,
    ports,
  });
  say(`Prometheus on ${started.prometheus} (rules and alerts of ops/prometheus: ${started.prometheus}/alerts)`);
  say(`Alertmanager on ${started.alertmanager} (amtool --alertmanager.url=${started.alertmanager} alert)`);
  return started;
}
