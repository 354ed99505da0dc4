import { mailOf } from '#api/answers/settings.ts';
import type { Referential } from '#engine/client/referential.ts';
import type { Holding } from '#engine/domain/commands/contents.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { type DoorWord, doorWord } from '#engine/domain/records/door.ts';
import { HOLD_HOURS, type ProcessState } from '#engine/domain/records/process.ts';

const MS_PER_HOUR = 3_600_000;

/** What the referential says of an organisation's subscription to a démarche, and as of which change. */
export function doorOf(referential: Referential, process: string, org: OrgKey): DoorWord {
  let [open, version] = [false, 0];
  for (const subscription of referential.subscriptionsOf(process, org)) {
    if (subscription.status === 'Actif') open = true;
    version = Math.max(version, subscription.version);
  }
  return doorWord(open, version);
}

/** What a native deposit carries, so that its recipients' own turns hold or deliver its cases. */
export function holdingOf(referential: Referential, process: ProcessState, recipients: readonly OrgKey[]): Holding {
  const { code, hold, osl } = process;
  const fallback = hold?.fallback ? orgKey(hold.fallback) : null;
  return {
    terms: {
      ms: (hold?.hours ?? HOLD_HOURS) * MS_PER_HOUR,
      fallback:
        fallback === null
          ? null
          : { org: fallback, door: doorOf(referential, code, fallback), mail: mailOf(referential, code, fallback) },
      owner: referential.organization(orgKey(osl))?.email ?? null,
    },
    doors: recipients.map((org) => doorOf(referential, code, org)),
  };
}
