import { type ClientFrame, FROM_CLIENT, type HubFrame } from '#api/schemas/push.ts';
import { compile } from '#api/schemas/validate.ts';

const CHECKS = new Map(Object.entries(FROM_CLIENT).map(([type, schema]) => [type, compile(schema)]));

/** What a client has sent; undefined when it is no frame of the protocol. Unknown members are left where they are. */
export function readFrame(text: string): ClientFrame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const type = (value as { type?: unknown } | null)?.type;
  const check = typeof type === 'string' ? CHECKS.get(type) : undefined;
  return check?.Check(value) === true ? (value as ClientFrame) : undefined;
}

export const frameText = (frame: HubFrame): string => JSON.stringify(frame);
