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
  /** ms */
  created: number;
  /** ms */
  updated: number | null;
}
