/** One thing that was said of a case, as its page shows it. */
export interface Said {
  id: string;
  /** `mine` and `ours` go to the sender, `note` stays in the organisation */
  voice: 'mine' | 'ours' | 'sender' | 'note';
  at: string;
  by: string;
  text: string;
  /** for colleagues only, whatever the event is */
  comment: string;
  status: string | null;
  /** files under way: nobody else sees it */
  unsent: boolean;
  /** the sender has acknowledged it */
  read: boolean;
  files: { name: string; size: number; href: string | null }[];
}

/** What may be said of a case, by its démarche. */
export interface Rights {
  write: boolean;
  /** statuses a message may bring */
  withStatus: string[];
  /** media types the agent may send; none: no file */
  formats: string[];
  largest: number;
}
