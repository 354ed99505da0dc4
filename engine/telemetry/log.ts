import { type Logger, pino } from 'pino';

/**
 * Structured logs on standard error, one JSON line each, event name first. Never a body, a name of a person, a
 * token or a secret: what a log may hold is an id, a count, a duration, an error's name.
 */
export type Log = Logger;

const FLUSH_BYTES = 0;

export function openLog(level: string, role: string): Log {
  return pino(
    {
      level,
      base: { role },
      redact: { paths: ['secret', '*.secret', 'authorization', '*.authorization'], censor: '…' },
    },
    pino.destination({ fd: 2, sync: false, minLength: FLUSH_BYTES }),
  );
}
