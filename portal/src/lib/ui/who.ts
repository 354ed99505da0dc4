/** The agent as the page's frame shows them. */
export interface Who {
  name: string;
  /** key of the chosen organisation, or `toutes` */
  chosen: string;
  organisations: { key: string; name: string }[];
}

/** The choice that stands for all of an agent's organisations. */
export const EVERY = 'toutes';
