import { clockMissing } from '../chaos/clock.ts';
import { diskMissing } from '../chaos/disk.ts';
import { hasOpenssl } from '../security/pki.ts';
import type { Drill } from './drill.ts';
import { engines } from './drills/engines.ts';
import { machines } from './drills/machines.ts';
import { objectives } from './drills/objectives.ts';
import { recipients } from './drills/recipients.ts';
import { servers } from './drills/servers.ts';

/** One for each alert of ops/prometheus/alerts.yml. */
export const DRILLS: readonly Drill[] = [...objectives, ...engines, ...servers, ...machines, ...recipients];

/** Why this one cannot be held on this machine; undefined when it can. */
export function missing({ needs }: Drill): string | undefined {
  if (needs.clock !== undefined && clockMissing() !== undefined) return clockMissing();
  if (needs.disk !== undefined && diskMissing() !== undefined) return diskMissing();
  if (needs.secure && !hasOpenssl()) return 'certificates are made by openssl, which is not here';
  return undefined;
}
