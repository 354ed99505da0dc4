import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PortalConfig } from '#engine/portal-config.ts';
import { startPortal } from '#ops/threads/portals.ts';

/** Nobody there is called: the pages asked for need no hub. */
const NOWHERE = 'http://127.0.0.1:9';
const CONFIG: PortalConfig = {
  host: '127.0.0.1',
  port: 0,
  filesPort: 0,
  url: '',
  filesUrl: '',
  apiUrl: NOWHERE,
  legal: { publisher: '', hosting: '', contact: '' },
  demoUrl: '',
  undoSeconds: 30,
  trustedProxies: [],
  spool: '',
  clientId: 'portal',
  clientSecret: 'a-secret-of-the-tests-of-upgrades',
  oidc: { issuer: NOWHERE, clientId: 'portal', clientSecret: 'a-secret' },
};

test('a portal that is drained says so, serves, and ends each connection with its answer', async () => {
  const portal = await startPortal(CONFIG, true, (reason) => assert.fail(reason));
  const ask = async (path: string): Promise<[status: number, connection: string | null]> => {
    const answer = await fetch(portal.url + path);
    await answer.text();
    return [answer.status, answer.headers.get('connection')];
  };
  try {
    assert.deepEqual(await ask('/health/ready'), [200, 'keep-alive']);
    portal.drain();
    while ((await ask('/health/ready'))[0] !== 503);
    assert.deepEqual(await ask('/health/ready'), [503, 'close']);
    assert.deepEqual(await ask('/aide'), [200, 'close']);
  } finally {
    await portal.stop();
  }
  await assert.rejects(ask('/health/ready'));
});
