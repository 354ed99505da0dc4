/** The agent as the page's frame shows them. */
export interface Who {
  name: string;
  /** key of the chosen organisation, or `toutes` */
  chosen: string;
  /** key of the organisation whose pages are shown: one, also where all are chosen */
  own: string;
  /** the agent administers that one */
  administers: boolean;
  organisations: { key: string; name: string }[];
  /** one of them lets its agents sign in by passkeys */
  passkeys: boolean;
}

/** The choice that stands for all of an agent's organisations. */
export const EVERY = 'toutes';
