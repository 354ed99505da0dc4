import { equal } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServices } from '#ops/services.ts';
import { portalOf, type Stub, startStub } from './stub.ts';

const PATH = '/relais/v1/sessions/passkey';
const data = mkdtempSync(join(tmpdir(), 'relais-whose-'));

describe('whose browser a passkey came from', () => {
  let stub: Stub;
  before(async () => {
    stub = await startStub();
  });
  after(async () => {
    await stub?.stop();
    rmSync(data, { recursive: true, force: true });
  });

  /** The address the API is told, of a browser that says to be elsewhere. */
  async function told(env: Record<string, string>): Promise<unknown> {
    const services = await startServices(
      {
        role: 'portal',
        data,
        env: {
          ...portalOf(stub.url),
          ...env,
        },
      },
      () => undefined,
    );
    try {
      await fetch(`${services.portal}/connexion/cle/session`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-Forwarded-For': '198.51.100.1, 203.0.113.9',
          'X-Hub-Address': '192.0.2.1',
        },
        body: JSON.stringify({ response: {} }),
      });
      return (stub.last(PATH) as { address?: unknown } | null)?.address;
    } finally {
      await services.stop();
    }
  }

  it('is what its connection says, whatever it says itself', async () => {
    equal(await told({}), '127.0.0.1');
  });

  it('is what a proxy we trust says', async () => {
    equal(await told({ HUB_TRUSTED_PROXIES: '127.0.0.0/8' }), '203.0.113.9');
  });
});
