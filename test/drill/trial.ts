import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openInbox } from '#ops/supervision/inbox.ts';
import { startSupervision } from '#ops/supervision/supervision.ts';
import { type Country, populate } from '../chaos/country.ts';
import { ADMIN, Site } from '../chaos/site.ts';
import type { Drill, Severity } from './drill.ts';
import { Partners } from './partners.ts';
import { blocksOf, type Ran, runBlock } from './runbook.ts';
import { Watcher } from './watcher.ts';

/** What became of one drill. Times in ms, from the beginning of the fault, and from what ends it. */
export interface Outcome {
  drill: Pick<Drill, 'alert' | 'how' | 'passes'>;
  rules: { severity: Severity; fired?: number; resolved?: number; suppressed: boolean }[];
  /** of the same alert, what rang besides and may last longer: its windows are of hours and days */
  besides: string[];
  /** other alerts that rang */
  others: string[];
  /** what receivers were told: « astreinte firing » */
  told: string[];
  commands: Ran[];
  /** why it is not what it should be; empty: it is */
  troubles: string[];
  seconds: number;
}

/** What all durations of the rules are divided by: an hour passes in a minute. */
export const FACTOR = 60;

/** Until the processes were scraped; until the alert rings; until it is over. ms */
const UP_MS = 90_000;
const FIRE_MS = 100_000;
const RESOLVE_MS = 120_000;
const LOOK_MS = 100;
const S = 1_000;

const ONE: Severity[] = ['page', 'ticket'];

export async function tryDrill(drill: Drill, factor = FACTOR): Promise<Outcome> {
  const began = performance.now();
  const outcome: Outcome = {
    drill: { alert: drill.alert, how: drill.how, ...(drill.passes && { passes: drill.passes }) },
    rules: [],
    besides: [],
    others: [],
    told: [],
    commands: [],
    troubles: [],
    seconds: 0,
  };
  const closers: (() => Promise<unknown>)[] = [];
  const over = new AbortController();
  closers.push(async () => over.abort());
  try {
    const site = await Site.open(drill.needs);
    closers.push(() => site.close(false));
    const country: Country = drill.needs.country === false ? { sender: '', towns: [] } : await populate(site);
    await drill.prepare?.(site);
    const inbox = await openInbox();
    closers.push(() => inbox.close());
    const secure = (url: string): string => (drill.needs.secure ? url.replace('http:', 'https:') : url);
    const urls = (portal: boolean): string[] =>
      site.members.filter(({ role }) => (role === 'portal') === portal).map(({ url }) => secure(url));
    const targets = { relais: urls(false), ...(urls(true).length > 0 && { portail: urls(true) }) };
    const supervision = await startSupervision({ folder: join(site.dir, 'ops'), targets, factor, inbox: inbox.url });
    closers.push(() => supervision.stop());
    const watcher = new Watcher(supervision);
    closers.push(() => watcher.stop());
    for (const deadline = performance.now() + UP_MS; ; await pause(LOOK_MS)) {
      const up = await supervision.query('up{job=~"relais|portail"} == 1').catch(() => []);
      if (up.length === site.members.length) break;
      if (performance.now() > deadline) throw new Error(`scraped ${up.length} of ${site.members.length} processes`);
    }
    const partners = new Partners(site.url, country);
    const from = performance.now();
    const repair = await drill.act({ site, country, partners, supervision, over: over.signal });
    const patience = drill.patience === undefined ? FIRE_MS : drill.patience * S;
    const seen = (severity: Severity) => watcher.seen.get(`${drill.alert} ${severity}`);
    const rang = await watcher.until(() => drill.severities.every((one) => seen(one) !== undefined), patience);
    if (rang === undefined) outcome.troubles.push(`n’a pas sonné en ${patience / S} s`);
    // Of one cause, alerts end one after the other: who is last then rings alone for a moment, and says nothing of the fault.
    const silent = new Set(drill.severities.filter((one) => seen(one)?.suppressed));
    if (drill.mendsFirst) await repair();
    const handled = performance.now();
    outcome.commands = await commands(drill.alert, {
      ...process.env,
      HUB_URL: secure(site.url),
      HUB_DATA: site.data,
      HUB_REDIS_URL: site.store.url,
      HUB_ADMIN_CLIENT_ID: ADMIN.id,
      HUB_ADMIN_CLIENT_SECRET: ADMIN.secret,
      PROMETHEUS_URL: supervision.prometheus,
      ALERTMANAGER_URL: supervision.alertmanager,
      BACKUPS: join(site.dir, 'backups'),
    });
    const mended = performance.now();
    if (!drill.mendsFirst) await repair();
    const gone = await watcher.until(
      () => drill.severities.every((one) => seen(one) === undefined || seen(one)?.went !== undefined),
      RESOLVE_MS,
    );
    if (gone === undefined) outcome.troubles.push(`n’était pas levée ${RESOLVE_MS / S} s après`);
    outcome.rules = drill.severities.map((severity) => {
      const { came, went } = seen(severity) ?? {};
      return {
        severity,
        ...(came !== undefined && { fired: came - from }),
        // What ended by itself lasted so long; what did not, after its commands or what mended it began.
        ...(went !== undefined && {
          resolved:
            went -
            (drill.passes?.includes(severity) ? (came ?? 0) : drill.healed || drill.mendsFirst ? handled : mended),
        }),
        suppressed: silent.has(severity),
      };
    });
    for (const { severity, resolved = 0 } of outcome.rules)
      if (resolved < 0) outcome.troubles.push(`${severity} : éteinte ${(-resolved).toFixed(0)} ms avant la réparation`);
    const more = ONE.filter((one) => !drill.severities.includes(one) && seen(one) !== undefined);
    outcome.besides = more.map((one) => `${one} ${((seen(one)?.came ?? 0) - from).toFixed(0)}`);
    outcome.others = [...watcher.seen.keys()].filter((name) => !name.startsWith(`${drill.alert} `));
    outcome.told = [
      ...new Set(
        inbox.told.filter(({ alert }) => alert === drill.alert).map(({ receiver, status }) => `${receiver} ${status}`),
      ),
    ];
    for (const { code, text, output } of outcome.commands)
      if (code !== 0) outcome.troubles.push(`commande « ${text} » : ${code ?? 'sans fin'} : ${output}`);
  } catch (error) {
    outcome.troubles.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    for (const close of closers.reverse())
      await close().catch((error: Error) => outcome.troubles.push(`fin : ${error.message}`));
  }
  outcome.seconds = (performance.now() - began) / S;
  return outcome;
}

async function commands(alert: string, env: NodeJS.ProcessEnv): Promise<Ran[]> {
  const ran: Ran[] = [];
  for (const block of blocksOf(alert)) ran.push(await runBlock(block, env));
  return ran;
}
