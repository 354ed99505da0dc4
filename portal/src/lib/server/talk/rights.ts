/** What an agent may say of a case in this status, by its démarche (contract §5.10). */
import type { Process } from '#lib/server/hub/processes.ts';
import type { Rights } from '#lib/talk.ts';
import { isDecision, targets } from '#lib/transitions.ts';

/** Nothing more is taken by the hub. */
const OVER = ['ARCHIVED', 'HUBEE_RECEIVED'];

export function rightsOf(process: Process, status: string): Rights {
  const isOver = OVER.includes(status);
  const write = process.messageToTransmitter && !isOver;
  return {
    write,
    withStatus:
      write && process.messageWithStatus !== false
        ? targets(process, status).filter((target) => !isDecision(target))
        : [],
    formats: isOver ? [] : process.siAttachmentFormatsEnabled,
    largest: process.attachmentMaxSizeEnabled,
  };
}
