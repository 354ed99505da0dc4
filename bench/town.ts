import { Secrets } from '#api/auth/secrets.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Command } from '#engine/domain/commands.ts';
import { derive, type Id, KIND, newId } from '#engine/domain/ids.ts';
import { type OrganizationId, orgKey } from '#engine/domain/organization.ts';
import { partitionOf, REFERENTIAL } from '#engine/domain/placement.ts';
import { spread } from './measure.ts';

/** The benches' small country: one sender, one démarche, towns subscribed to it. Created through the engine. */
export const SENDER: OrganizationId = { type: 'OSL', companyRegister: '13000000000000', branchCode: '00000' };
export const PROCESS = 'BENCH';

/** A sender with a démarche of its own, and where its towns begin among all. */
export interface Country {
  sender: OrganizationId;
  process: string;
  from: number;
}
export const FIRST: Country = { sender: SENDER, process: PROCESS, from: 0 };

/** Bytes of the one attachment of a bench folder. */
export const FILE_BYTES = 20_000;
const AT_ONCE = 512;
const FIRST_SIREN = 210_000_000;
const REGISTER_DIGITS = 14;
const BRANCH_DIGITS = 5;

export interface Town {
  identity: OrganizationId;
  key: string;
  subscription: Id;
  /** credentials, when they were asked for */
  client: { id: string; secret: string } | undefined;
}

export const town = (index: number): OrganizationId => ({
  type: 'SI',
  companyRegister: `${FIRST_SIREN + index}00019`.padEnd(REGISTER_DIGITS, '0'),
  branchCode: String(index).padStart(BRANCH_DIGITS, '0'),
});

async function must(hub: Hub, command: Command): Promise<void> {
  const answer = await hub.ask(REFERENTIAL, command);
  if (answer.status >= 400) throw new Error(`${command.kind}: ${JSON.stringify(answer.body)}`);
}

const organization = (identity: OrganizationId, name: string): Command => ({
  kind: 'organization.create',
  organization: {
    ...identity,
    name,
    code: null,
    country: 'France',
    postalCode: '75000',
    territory: 'Banc d’essai',
    email: null,
    phoneNumber: null,
    status: 'Actif',
  },
});

/** @returns the sender's credentials, and the towns */
export async function settle(
  hub: Hub,
  masterKey: Buffer,
  count: number,
  withClients: boolean,
  country: Country = FIRST,
): Promise<{ sender: { id: string; secret: string }; towns: Town[] }> {
  const secrets = new Secrets(masterKey);
  const client = async (
    id: string,
    scope: 'OSL' | 'SI',
    subscription: Id | null,
  ): Promise<{ id: string; secret: string }> => {
    const secret = secrets.make();
    const hash = secrets.hash(id, secret);
    await must(hub, {
      kind: 'client.create',
      client: {
        clientId: id,
        scope,
        secret: hash,
        organization: scope === 'OSL' ? country.sender : null,
        subscription,
      },
    });
    return { id, secret };
  };
  await must(hub, organization(country.sender, 'Émetteur du banc'));
  await must(hub, {
    kind: 'process.create',
    process: {
      code: country.process,
      name: 'Démarche du banc',
      description: null,
      isActivated: true,
      osl: country.sender,
      attachmentFormatsEnabled: ['application/pdf', 'application/xml'],
      siAttachmentFormatsEnabled: ['application/pdf'],
      attachmentTypesEnabled: ['document'],
      attachmentMaxSizeEnabled: 10_000_000,
      statusBeforeFileDeletion: 'CLOSED',
      timeBeforeFileDeletion: 30,
      timeBeforeArchiving: 90,
      timeBeforeFolderDeletion: 365,
      messageToTransmitter: true,
      messageWithStatus: true,
      authorizedAwaiting: true,
      subscriptionValidation: 'Auto',
      legalJustification: null,
    },
  });
  const towns: Town[] = [];
  await spread(count, AT_ONCE, async (index) => {
    const identity = town(country.from + index);
    await must(hub, organization(identity, `Commune ${index}`));
    const subscription = newId(KIND.other, REFERENTIAL, hub.now());
    await must(hub, {
      kind: 'subscription.create',
      subscription: {
        id: subscription,
        datapassId: index,
        processCode: country.process,
        subscriber: identity,
        notificationFrequency: 'Aucune',
        localAdministrator: { email: 'mairie@banc.test' },
        delegationActor: null,
        accessMode: 'API',
        status: 'Actif',
        email: null,
        activateDateTime: null,
        validateDateTime: null,
        rejectDateTime: null,
        endDateTime: null,
        rejectionReason: null,
      },
    });
    towns[index] = {
      identity,
      key: orgKey(identity),
      subscription,
      client: withClients ? await client(`town-${country.from + index}`, 'SI', subscription) : undefined,
    };
  });
  return { sender: await client(`sender-${country.process}`, 'OSL', null), towns };
}

/** Commands of one bench folder, as an API process would send them: one case, one file. */
export function folderCommands(
  hub: Hub,
  key: string,
  number: number,
  { sender, process }: Country = FIRST,
): { home: number; folder: Id; create: Command; upload: Command; complete: Command } {
  const home = partitionOf(key);
  const folder = newId(KIND.folder, home, hub.now());
  const caller = { scope: 'OSL', org: orgKey(sender) } as const;
  const externalId = `BANC-BENCH-${String(number).padStart(13, '0')}`;
  const attachment = derive(folder, KIND.attachment, home, 0);
  return {
    home,
    folder,
    create: {
      kind: 'folder.create',
      folder,
      sender: orgKey(sender),
      process,
      externalId,
      applicant: { firstName: 'Camille', lastName: 'Exemple', email: null },
      partnerInfo: { editorName: 'Banc', applicationName: 'bench', softwareVersion: '1' },
      cases: [{ externalId: `${externalId}-01`, recipient: key, home, partnerAttributes: null }],
      attachments: [
        { fileName: 'demande.pdf', type: 'document', size: FILE_BYTES, mimeType: 'application/pdf', recipients: [0] },
      ],
    },
    upload: {
      kind: 'folder.upload',
      folder,
      index: 0,
      caller,
      upload: {
        status: 'RECEIVED',
        sha256: 'gzC8kNpW+cmI6AK1s6flSBbQROpJg0EWKQjpqt9XTbM=',
        blob: `${attachment}-AAAA`,
      },
    },
    complete: {
      kind: 'folder.patch',
      folder,
      caller,
      status: 'HUBEE_COMPLETED',
      closed: null,
      mails: [null],
      purge: { status: 'CLOSED', fileDays: 30, archiveDays: 90, deleteDays: 365 },
    },
  };
}
