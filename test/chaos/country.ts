import { tokenOf } from '#bench/token.ts';
import { settle } from '#bench/town.ts';
import { openHub } from '#engine/client/hub.ts';
import { loadConfig } from '#engine/config.ts';
import type { OrganizationId } from '#engine/domain/organization.ts';
import type { Site } from './site.ts';

/** Who lives in a run: one sender, and towns with a token each. */
export interface Country {
  sender: string;
  towns: { identity: OrganizationId; token: string }[];
}

/** Enough that their mailboxes lie with both engines. */
const TOWNS = 8;

export async function populate(site: Site): Promise<Country> {
  const config = loadConfig(site.env, { role: 'api', data: site.data, port: 0 });
  const hub = await openHub(config, () => undefined);
  try {
    const { sender, towns } = await settle(hub, config.masterKey, TOWNS, true);
    return {
      sender: await tokenOf(site.url, sender, 'OSL'),
      towns: await Promise.all(
        towns.map(async ({ identity, client }) => ({
          identity,
          token: await tokenOf(site.url, client as { id: string; secret: string }, 'SI'),
        })),
      ),
    };
  } finally {
    await hub.close();
  }
}
