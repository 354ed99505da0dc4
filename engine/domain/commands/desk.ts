import type { Id } from '../ids.ts';
import type { Caller, NewEvent, PurgeSettings } from './contents.ts';

/** What agents do to a case among themselves, in its home; the contract knows nothing of it. */
export type DeskCommand =
  /**
   * A decision: these events, in order, on the case as it is in `seen`, else 412. It leaves after `waitMs`, and may be
   * undone until then; 0: at once. Answer 201 `{version, due}`; `due` null: it has left.
   */
  | {
      kind: 'case.resolve';
      case: Id;
      caller: Caller;
      agent: Id | null;
      events: NewEvent[];
      seen?: string;
      waitMs: number;
      purge: PurgeSettings;
    }
  /** a decision, by the id of its first event, is not sent; 410: it has left */
  | { kind: 'case.undo'; case: Id; caller: Caller; event: Id }
  /** timer: a decision leaves */
  | { kind: 'case.leave'; case: Id; event: Id }
  /** `agent` treats the case from now on, null: nobody. `from`: who did, as far as the caller knows; another one: 412 */
  | { kind: 'case.assign'; case: Id; caller: Caller; by: Id; agent: Id | null; from?: Id | null };
