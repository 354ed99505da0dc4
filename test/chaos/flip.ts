/** What became of a bit that a run turned over. */
export interface Flip {
  /** `unread`: it lies where nobody looks, so that nobody can be told a wrong thing by it */
  fate: 'noticed' | 'unread' | 'unnoticed';
  /** who noticed it and how, or why nobody reads it */
  how: string;
}
