import type { Timed } from '../domain/decision.ts';
import type { Trace } from '../domain/trace.ts';

/** A step of a request that is being recorded. */
export interface Span {
  /** what the steps after it bear */
  trace: Trace;
  /** It was committed. */
  end(): void;
}

/** What a partition tells its node; every hook is called synchronously. */
export interface PartitionWatch {
  committed(partition: number, entries: number, backlog: number): void;
  /** ms each, of what was committed */
  timed?(times: readonly (readonly [what: Timed, ms: number])[]): void;
  fault(partition: number, kind: string, error: unknown, trace?: Trace): void;
  /** A decision of a request whose steps are recorded begins; undefined: they are not. */
  span?(trace: Trace, kind: string): Span | undefined;
  laneError(partition: number, to: number, error: Error): void;
}
