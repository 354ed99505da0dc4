/** Démarches: their names and what they allow. Kept a minute: they change a few times a year. */
import { call, HubProblem } from './call.ts';

export interface Process {
  code: string;
  name: string;
  authorizedAwaiting: boolean | null;
  messageToTransmitter: boolean;
  messageWithStatus: boolean | null;
  siAttachmentFormatsEnabled: string[];
  attachmentMaxSizeEnabled: number;
}

const KEPT_MS = 60_000;
const kept = new Map<string, { process: Process; until: number }>();

export async function processOf(token: string, code: string): Promise<Process> {
  const known = kept.get(code);
  if (known && Date.now() < known.until) return known.process;
  try {
    const process = await call<Process>(`/referential/v1/processes/${encodeURIComponent(code)}`, { token });
    kept.set(code, { process, until: Date.now() + KEPT_MS });
    return process;
  } catch (error) {
    // Removed, not readable, or no code at all: its cases are still to be treated, under its code.
    if (!(error instanceof HubProblem) || ![400, 403, 404].includes(error.status)) throw error;
    return {
      code,
      name: code,
      authorizedAwaiting: false,
      messageToTransmitter: false,
      messageWithStatus: false,
      siAttachmentFormatsEnabled: [],
      attachmentMaxSizeEnabled: 0,
    };
  }
}
