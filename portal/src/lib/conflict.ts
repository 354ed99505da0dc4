/** Why something was not sent: what happened to the case meanwhile. */
export interface Conflict {
  /** '' when nobody said so */
  who: string;
  at: string;
  /** what was decided, '' when no event says so */
  decided: string;
  message: string;
  /** of the case now */
  status: string;
  /** it has not left yet */
  waits: boolean;
}

export const isConflict = (said: object | string): said is Conflict => typeof said === 'object' && 'decided' in said;
