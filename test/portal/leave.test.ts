import { deepEqual, equal, match } from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LeaveLinks } from '#engine/client/leave.ts';
import { loadConfig } from '#engine/config.ts';
import { fromUuid, type Id } from '#engine/domain/ids.ts';
import { type Services, startServices } from '#ops/services.ts';
import { type AgentCaller, Portal } from '#test/agents/portal.ts';
import { ORLY } from '#test/contract/country.ts';

const NOTICES = '/relais/v1/agent/notices';
const WISH = { notices: [{ processCode: 'CERTDC', frequency: 'digest' }] };

describe('the link of an e-mail, opened in the portal', () => {
  let hub: Portal;
  let services: Services;
  let ada: AgentCaller;
  let page: string;
  before(async () => {
    hub = await Portal.open();
    ada = await hub.hired('ada@orly.test', ORLY);
    const { data, redisUrl, url } = hub.world;
    services = await startServices(
      {
        role: 'portal',
        data,
        env: {
          HUB_API_URL: url,
          HUB_PORTAL_CLIENT_ID: hub.client.clientId,
          HUB_PORTAL_CLIENT_SECRET: hub.client.clientSecret,
          HUB_PORTAL_PORT: '0',
          HUB_PORTAL_FILES_PORT: '0',
          HUB_OIDC_ISSUER: hub.issuer.url,
          HUB_OIDC_CLIENT_ID: 'c',
          HUB_OIDC_CLIENT_SECRET: 'x',
        },
      },
      () => undefined,
    );
    const id = fromUuid((await ada.get('/relais/v1/agent')).json.agent.id) as Id;
    const { masterKey } = loadConfig({ HUB_REDIS_URL: redisUrl }, { role: 'api', data });
    page = `${services.portal}/courriels/arreter/${new LeaveLinks(masterKey).make(id, Date.now())}`;
  });
  after(async () => {
    await services?.stop();
    await hub?.stop();
  });

  const noticesOf = async () => (await ada.get(NOTICES)).json;

  it('changes nothing by being looked at, as programs that look at e-mails do', async () => {
    await ada.put(NOTICES, WISH);
    for (const method of ['GET', 'HEAD']) equal((await fetch(page, { method })).status, 200);
    match(await (await fetch(page)).text(), /<button[^>]*>Ne plus recevoir ces courriels/);
    deepEqual(await noticesOf(), WISH);
  });

  it('is stopped by a mail program’s own request, which has no origin and no cookie (RFC 8058)', async () => {
    await ada.put(NOTICES, WISH);
    const answer = await fetch(page, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    equal(answer.status, 200);
    deepEqual(await noticesOf(), { notices: [] });
  });

  it('is stopped by the button of its page, and says so', async () => {
    await ada.put(NOTICES, WISH);
    const headers = { Origin: services.portal as string, Accept: 'text/html' };
    const answer = await fetch(page, { method: 'POST', headers, body: new URLSearchParams() });
    match(await answer.text(), /cette adresse ne recevra plus de courriel/);
    deepEqual(await noticesOf(), { notices: [] });
  });

  it('is not followed from another site, nor when a character of it is another one', async () => {
    await ada.put(NOTICES, WISH);
    const body = new URLSearchParams();
    equal((await fetch(page, { method: 'POST', headers: { Origin: 'https://evil.test' }, body })).status, 403);
    const wrong = page.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
    const answer = await fetch(wrong, { method: 'POST', headers: { Accept: 'text/html' }, body });
    equal(answer.status, 410);
    match(await answer.text(), /Ce lien n’est plus valable/);
    deepEqual(await noticesOf(), WISH);
  });

  it('is the only form that is taken without an origin', async () => {
    const answer = await fetch(`${services.portal}/connexion/commencer`, {
      method: 'POST',
      body: new URLSearchParams(),
    });
    equal(answer.status, 403);
  });
});
