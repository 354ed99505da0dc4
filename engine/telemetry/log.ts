import { type Logger, pino } from 'pino';

/**
 * Structured logs on standard error, one JSON line each, event name first. Never a body, a name of a person, a
 * token or a secret: what a log may hold is an id, a count, a duration, an error's name.
 */
export type Log = Logger;

/**
 * What a log shows of an error: its name, text and stack. Never its other members: those of Redis' client hold the
 * command with its arguments, which are the records of persons; nor the text of a parser, which quotes what it read.
 */
export function errorOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code } = error as NodeJS.ErrnoException;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith(FRAME));
  return {
    type: error.name,
    ...(!(error instanceof SyntaxError) && { message: error.message }),
    ...(code !== undefined && { code }),
    stack: frames.join('\n'),
  };
}

const FRAME = '    at ';
const FLUSH_BYTES = 0;

export function openLog(level: string, role: string): Log {
  return pino(
    {
      level,
      base: { role },
      serializers: { err: errorOf },
      redact: { paths: ['secret', '*.secret', 'authorization', '*.authorization'], censor: '…' },
    },
    pino.destination({ fd: 2, sync: false, minLength: FLUSH_BYTES }),
  );
}
