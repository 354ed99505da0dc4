import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MovedClock } from '../../chaos/clock.ts';
import type { Drill, Scene } from '../drill.ts';

/** What partners do, or do not do. */
const DAYS_S = 86_400;
/** More than the ten that supervision lets pass. */
const UNFINISHED = 12;
const WEBHOOKS = '/relais/v1/webhooks';
/** Less than the twelve hours of the alert. */
const OVERLAP_HOURS = 2;

const recipientsSilent: Drill = {
  alert: 'RecipientsSilent',
  how: 'un dossier déposé à huit communes sous une horloge de Redis en retard de quatre jours (libfaketime), puis remise à l’heure ; elles relèvent ensuite leurs notifications',
  severities: ['ticket'],
  needs: { layout: 'one', clock: 'redis', clockSeconds: -4 * DAYS_S, env: { HUB_TOKEN_SECONDS: String(9 * DAYS_S) } },
  patience: 200,
  async act({ site, partners, country }) {
    const deposited = await Promise.all(country.towns.map((_, town) => partners.deposit(town)));
    const refused = deposited.find(({ status }) => status >= 300 || status === 0);
    if (refused !== undefined) throw new Error(`deposit: ${refused.status} ${JSON.stringify(refused.body)}`);
    (site.clock as MovedClock).move(0);
    return async () => {
      for (const { token } of country.towns) {
        const path = '/teledossiers/v1/notifications';
        const listed = (await partners.call(token, 'GET', path)).body as unknown as { id: string }[];
        for (const { id } of listed) await partners.call(token, 'DELETE', `${path}/${id}`);
      }
    };
  },
};

const foldersUnfinished: Drill = {
  alert: 'FoldersUnfinished',
  how: '12 télédossiers commencés et laissés sans leur pièce (HUB_UNFINISHED_HOURS 0), puis terminés',
  severities: ['ticket'],
  needs: { layout: 'one', env: { HUB_UNFINISHED_HOURS: '0' } },
  async act({ partners, country }) {
    const begun = await Promise.all(
      Array.from({ length: UNFINISHED }, (_, number) => partners.begin(number % country.towns.length)),
    );
    return async () => {
      for (const folder of begun) await partners.complete(folder);
    };
  },
};

/** A partner's server that proves itself, then answers 410 or 204. */
async function receiver(over: AbortSignal): Promise<{ url: string; well: boolean }> {
  const state = { url: '', well: false };
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: { challenge?: string } };
      if (data.challenge !== undefined) response.end(JSON.stringify({ challenge: data.challenge }));
      else response.writeHead(state.well ? 204 : 410).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  over.addEventListener('abort', () => {
    server.closeAllConnections();
    server.close();
  });
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/relais`;
  return state;
}

async function register({ partners, country }: Scene, url: string): Promise<{ id: string; token: string }> {
  const token = country.towns[0]?.token ?? '';
  const body = { url, email: 'exploitation@exercice.test', after: 0 };
  const made = await partners.call(token, 'POST', WEBHOOKS, body);
  if (made.status !== 201) throw new Error(`webhook: ${made.status} ${JSON.stringify(made.body)}`);
  return { id: String(made.body['id']), token };
}

const webhooksPaused: Drill = {
  alert: 'WebhooksPaused',
  how: 'le serveur d’un partenaire répond 410 ; il revient, et le partenaire relance son webhook',
  severities: ['ticket'],
  needs: { layout: 'one' },
  async act(scene) {
    const { partners } = scene;
    const partner = await receiver(scene.over);
    const { id, token } = await register(scene, partner.url);
    await partners.deposit(0);
    return async () => {
      partner.well = true;
      const { status } = await partners.call(token, 'POST', `${WEBHOOKS}/${id}/resume`, {});
      if (status !== 204) throw new Error(`resume: ${status}`);
    };
  },
};

const secretExpiry: Drill = {
  alert: 'SecretExpiry',
  how: 'secret d’un webhook renouvelé, l’ancien encore accepté 2 h ; renouvelé encore, sans recouvrement',
  severities: ['ticket'],
  needs: { layout: 'one' },
  async act(scene) {
    const { partners } = scene;
    const { id, token } = await register(scene, (await receiver(scene.over)).url);
    const rotate = async (overlapHours: number): Promise<void> => {
      const { status } = await partners.call(token, 'POST', `${WEBHOOKS}/${id}/rotate`, { overlapHours });
      if (status !== 200) throw new Error(`rotate: ${status}`);
    };
    await rotate(OVERLAP_HOURS);
    return () => rotate(0);
  },
};

export const recipients: readonly Drill[] = [recipientsSilent, foldersUnfinished, webhooksPaused, secretExpiry];
