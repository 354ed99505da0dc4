import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MovedClock } from '../../chaos/clock.ts';
import type { SmallDisk } from '../../chaos/disk.ts';
import { Pki } from '../../security/pki.ts';
import type { Drill } from '../drill.ts';

/** What happens to the machine a process runs on. */
const SKEW_S = 5;
/** A process that stands still so long in each second. ms */
const STILL_MS = 700;
const RUN_MS = 200;
const DAY_MS = 86_400_000;
const RENEWED_DAYS = 90;

const diskFull: Drill = {
  alert: 'DiskFull',
  how: 'disque des pièces jointes (petit système de fichiers) rempli jusqu’au dernier octet',
  severities: ['page', 'ticket'],
  needs: { layout: 'one', disk: 'blobs' },
  async act({ site }) {
    (site.disk as SmallDisk).fill();
    return async () => (site.disk as SmallDisk).free();
  },
};

const eventLoopBlocked: Drill = {
  alert: 'EventLoopBlocked',
  how: 'processus de l’API arrêté 0,7 s par seconde (SIGSTOP, SIGCONT)',
  severities: ['ticket'],
  needs: { layout: 'split' },
  async act({ site, over }) {
    const well = new AbortController();
    over.addEventListener('abort', () => well.abort());
    const api = site.members.find(({ role }) => role === 'api');
    void (async () => {
      while (!well.signal.aborted) {
        api?.signal('SIGSTOP');
        await pause(STILL_MS);
        api?.signal('SIGCONT');
        await pause(RUN_MS);
      }
    })();
    return async () => well.abort();
  },
};

let pki: Pki | undefined;
const files = (): Pki => {
  pki ??= new Pki();
  return pki;
};

const certificateExpiry: Drill = {
  alert: 'CertificateExpiry',
  how: 'API servie avec un certificat qui n’a plus que deux jours, puis le même renouvelé pour 90 jours et le processus relancé',
  severities: ['page', 'ticket'],
  needs: {
    layout: 'one',
    country: false,
    secure: true,
    get env() {
      return { HUB_TLS_CERT: files().path('server.pem'), HUB_TLS_KEY: files().path('server.key') };
    },
  },
  async act({ site, over }) {
    over.addEventListener('abort', () => {
      files().remove();
      pki = undefined;
    });
    return async () => {
      files().issue('renewed', 'ca', 'serverAuth', RENEWED_DAYS);
      for (const end of ['pem', 'key']) cpSync(files().path(`renewed.${end}`), files().path(`server.${end}`));
      for (const member of site.members) {
        await member.stop();
        await member.start();
      }
    };
  },
};

const clockSkew: Drill = {
  alert: 'ClockSkew',
  how: 'horloge des processus avancée de 5 s (libfaketime) ; celle de Redis est juste',
  severities: ['ticket'],
  needs: { layout: 'one', clock: 'product' },
  async act({ site }) {
    (site.clock as MovedClock).move(SKEW_S);
    return async () => (site.clock as MovedClock).move(0);
  },
};

const scrapeMissing: Drill = {
  alert: 'ScrapeMissing',
  how: 'le processus tué (SIGKILL)',
  severities: ['page', 'ticket'],
  needs: { layout: 'one', country: false },
  async act({ site }) {
    for (const member of site.members) await site.kill(member);
    return async () => {
      for (const member of site.members) await member.start();
    };
  },
};

const backupOld: Drill = {
  alert: 'BackupOld',
  how: 'dernière sauvegarde datée d’il y a deux jours (`backup.json`) ; le mode opératoire en fait une',
  severities: ['ticket'],
  needs: { layout: 'one', country: false },
  healed: true,
  async act({ site }) {
    const at = new Date(Date.now() - 2 * DAY_MS).toISOString();
    writeFileSync(join(site.data, 'backup.json'), JSON.stringify({ at, bytes: 1, seconds: 1 }));
    return async () => undefined;
  },
};

export const machines: readonly Drill[] = [
  diskFull,
  eventLoopBlocked,
  certificateExpiry,
  clockSkew,
  scrapeMissing,
  backupOld,
];
