/** What an examination says. `fault`: the hub does not work, or breaks what it promises; `attention`: it will, or may. */
export type State = 'ok' | 'attention' | 'fault';

export interface Finding {
  /** what was looked at: `redis`, `disk`, … */
  topic: string;
  state: State;
  what: string;
  /** what to do; '' where all is well */
  todo: string;
}

export const ok = (topic: string, what: string): Finding => ({ topic, state: 'ok', what, todo: '' });
export const attention = (topic: string, what: string, todo: string): Finding => ({
  topic,
  state: 'attention',
  what,
  todo,
});
export const fault = (topic: string, what: string, todo: string): Finding => ({ topic, state: 'fault', what, todo });

/** A text of the machine, as `/proc` and `/sys` give them; undefined: there is no such file here. */
export type ReadText = (path: string) => string | undefined;
