import type { OrganizationId } from '../organization.ts';
import type { CaseStatus } from './case.ts';

/** Contract §5.10. */
export interface ProcessState {
  code: string;
  name: string;
  description: string | null;
  isActivated: boolean;
  osl: OrganizationId;
  attachmentFormatsEnabled: string[];
  siAttachmentFormatsEnabled: string[];
  attachmentTypesEnabled: string[];
  /** bytes */
  attachmentMaxSizeEnabled: number;
  statusBeforeFileDeletion: CaseStatus;
  /** days */
  timeBeforeFileDeletion: number;
  /** days */
  timeBeforeArchiving: number;
  /** days */
  timeBeforeFolderDeletion: number;
  messageToTransmitter: boolean;
  messageWithStatus: boolean;
  authorizedAwaiting: boolean;
  subscriptionValidation: 'Auto' | 'Manual';
  legalJustification: string | null;
  /** native deposits for an organisation without active subscription; null: HOLD_HOURS, then back to the sender */
  hold: HoldRule | null;
  /** days from a deposit to its deadline; null: there is none */
  timeBeforeDeadline: number | null;
  /** ms */
  created: number;
  /** ms */
  updated: number | null;
}

export interface HoldRule {
  /** how long a case is held at most */
  hours: number;
  /** who gets it then, when its own subscription is active; null: it goes back to its sender */
  fallback: OrganizationId | null;
}

/** A month, for a démarche that says nothing: an organisation is enrolled in days, and nothing may be held for ever. */
export const HOLD_HOURS = 720;
