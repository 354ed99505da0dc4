import { type Id, KIND } from '#engine/domain/ids.ts';
import { type OrgKey, orgOf } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { type DoorWord, doorWord } from '#engine/domain/records/door.ts';
import type { SubscriptionState, SubscriptionStatus } from '#engine/domain/records/subscription.ts';
import { RECIPIENTS } from './cast.ts';
import type { World } from './world.ts';

/** The démarche of native deposits, and who ever subscribes to it: the others' cases are held. */
export const PROCESS = 'EtatCivil';
export const SUBSCRIBERS: readonly OrgKey[] = RECIPIENTS.slice(0, 3);

const CHANGES = 5;
const PAUSE_MS = 4_000;
const STATUSES: readonly SubscriptionStatus[] = ['Actif', 'Actif', 'Suspendu', 'Inactif'];

/** Subscriptions that come, go and come back, by the referential; what its answers said is what API processes know. */
export class Subscriber {
  readonly #world: World;
  readonly #words = new Map<OrgKey, DoorWord>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What an API process read of the referential: of a change under way perhaps not yet. */
  wordOf(org: OrgKey): DoorWord {
    return this.#words.get(org) ?? doorWord(false, 0);
  }

  async run(): Promise<void> {
    const { desk, crew, chance } = this.#world;
    // 4xx: an attempt whose answer was lost has created it.
    await desk.must(REFERENTIAL, { kind: 'process.create', process: demarche() }, 201, 400, 409);
    const ids = new Map<OrgKey, Id>();
    for (const org of SUBSCRIBERS) {
      const organization = { ...orgOf(org), ...ADDRESS };
      await desk.must(REFERENTIAL, { kind: 'organization.create', organization }, 201, 400, 409);
      const id = desk.id(KIND.other, REFERENTIAL);
      const subscription = { ...asked(org, 'Inactif'), id };
      await desk.must(REFERENTIAL, { kind: 'subscription.create', subscription }, 201, 400, 409);
      ids.set(org, id);
    }
    for (let n = 0; n < CHANGES; n += 1) {
      await crew.sleep(chance.below(PAUSE_MS));
      const [org, id] = chance.pick([...ids]);
      const subscription = asked(org, chance.pick(STATUSES));
      const { body } = await desk.must(REFERENTIAL, { kind: 'subscription.update', id, subscription }, 200);
      const { status, version } = body as SubscriptionState;
      this.#words.set(org, doorWord(status === 'Actif', version));
    }
  }
}

const ADDRESS = {
  name: 'Commune',
  code: null,
  country: null,
  postalCode: '77000',
  territory: 'Seine-et-Marne',
  email: null,
  phoneNumber: null,
  status: 'Actif',
};

const asked = (org: OrgKey, status: SubscriptionStatus) => ({
  datapassId: 1,
  processCode: PROCESS,
  subscriber: orgOf(org),
  notificationFrequency: 'unitaire',
  localAdministrator: { email: 'mairie@commune.test' },
  delegationActor: null,
  accessMode: null,
  status,
  email: 'mairie@commune.test',
  activateDateTime: null,
  validateDateTime: null,
  rejectDateTime: null,
  endDateTime: null,
  rejectionReason: null,
});

export const demarche = () => ({
  code: PROCESS,
  name: 'État civil',
  description: null,
  isActivated: true,
  osl: { type: 'OSL', companyRegister: '13000766900018', branchCode: '00000' },
  attachmentFormatsEnabled: [],
  siAttachmentFormatsEnabled: [],
  attachmentTypesEnabled: [],
  attachmentMaxSizeEnabled: 1_000_000,
  statusBeforeFileDeletion: 'CLOSED' as const,
  timeBeforeFileDeletion: 2,
  timeBeforeArchiving: 4,
  timeBeforeFolderDeletion: 6,
  messageToTransmitter: true,
  messageWithStatus: true,
  authorizedAwaiting: true,
  subscriptionValidation: 'Auto' as const,
  legalJustification: null,
});
