import type { Process } from '../wire.ts';
import type { Sender } from './senders.ts';
import { senderOf } from './senders.ts';

/** Who subscribes to a démarche: the so many most populous communes or EPCI, every département, named operators. */
export interface Audience {
  communes?: number;
  epci?: number;
  departements?: boolean;
  /** Codes of operators; `all` for the thirty. */
  operators?: readonly string[] | 'all';
}

/** What a recipient's software does with a case (contract section 12: mid and final statuses, workflow sheet). */
export interface Workflow {
  mid: 'SI_RECEIVED' | 'IN_PROGRESS';
  refuses: boolean;
  /** Whether it may ask for a complement (`ADD_AWAITING`). */
  awaits: boolean;
}

/** A démarche of the demo: its settings on the hub, who receives it, how much of it there is. */
export interface Demarche {
  code: string;
  sender: Sender;
  process: Process;
  /** At most 9 characters, in the sender's external numbers. */
  prefix: string;
  audience: Audience;
  /** Folders a year. */
  yearly: number;
  /** Months when it is open, 1 to 12; absent: all year. */
  months?: readonly number[];
  workflow: Workflow;
}

/** What a démarche's definition says; everything else is derived. Sizes in bytes, delays in days. */
export interface Definition {
  code: string;
  name: string;
  description?: string;
  sender: Sender['code'];
  prefix: string;
  /** Attachment types (contract section 12). */
  types: readonly string[];
  formats: readonly string[];
  /** Media types accepted from recipients; absent: they may not send files. */
  answers?: readonly string[];
  maxSize: number;
  purgeAt: 'IN_PROGRESS' | 'CLOSED';
  purgeAfter: number;
  archiveAfter: number;
  removeAfter: number;
  /** Days in which a case is to be treated. */
  treatIn?: number;
  messages: boolean;
  validation: 'Auto' | 'Manual';
  law?: string;
  workflow: Workflow;
  audience: Audience;
  yearly: number;
  months?: readonly number[];
}

export const megabyte = 1_000_000;
export const pdf = 'application/pdf';
export const xml = 'application/xml';
export const json = 'application/json';

export function demarche(definition: Definition): Demarche {
  const { code, prefix, audience, yearly, months, workflow } = definition;
  const sender = senderOf(definition.sender);
  const process: Process = {
    code,
    name: definition.name,
    description: definition.description ?? null,
    isActivated: true,
    osl: sender.identity,
    attachmentFormatsEnabled: [...definition.formats],
    siAttachmentFormatsEnabled: [...(definition.answers ?? [])],
    attachmentTypesEnabled: [...definition.types],
    attachmentMaxSizeEnabled: definition.maxSize,
    statusBeforeFileDeletion: definition.purgeAt,
    timeBeforeFileDeletion: definition.purgeAfter,
    timeBeforeArchiving: definition.archiveAfter,
    timeBeforeFolderDeletion: definition.removeAfter,
    messageToTransmitter: definition.messages,
    messageWithStatus: true,
    authorizedAwaiting: workflow.awaits,
    subscriptionValidation: definition.validation,
    legalJustification: definition.law ?? null,
    ...(definition.treatIn !== undefined && { timeBeforeDeadline: definition.treatIn }),
  };
  return { code, sender, process, prefix, audience, yearly, workflow, ...(months ? { months } : {}) };
}
