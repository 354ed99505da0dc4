/**
 * Commands a partition decides itself, whatever its actors: what an administrator does about dead letters and parked
 * actors, and the steps that follow. Plain JSON, like any command.
 */
export type Supervision =
  /** decides a dead letter again, then what waited behind it; answer 204, 404, or 409 when it failed again */
  | { kind: 'dead.replay'; letter: number }
  /** forgets a dead letter, then decides what waited behind it; answer 204, 404, or 409 when one of those failed */
  | { kind: 'dead.discard'; letter: number }
  /** what is delivered to the actor waits from now on, requests get 503; answer 204 */
  | { kind: 'actor.park'; actor: string }
  /** decides what waited for the actor; answer 204, or 409 when one of them failed */
  | { kind: 'actor.unpark'; actor: string }
  /** the next step of the same; `careful`: so many deliveries one by one, for one of them ended the process */
  | { kind: 'actor.drain'; actor: string; careful: number }
  /**
   * a message whose commit Redis lost and nobody could do again; '' a delivery that nothing remembers; `doubt`: it may
   * never have been made, and what it asked may have been done since
   */
  | { kind: 'dead.lost'; payload: string; turn: number; doubt: boolean };

const KINDS: ReadonlySet<string> = new Set<Supervision['kind']>([
  'dead.replay',
  'dead.discard',
  'actor.park',
  'actor.unpark',
  'actor.drain',
  'dead.lost',
]);

export const isSupervision = (command: { kind: string }): command is Supervision => KINDS.has(command.kind);
