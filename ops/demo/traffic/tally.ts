/** Characters of an error in the status line. */
const longestError = 160;

/** What the demo did since it started, and what went wrong. */
export class Tally {
  /** Folders completed by their sender, and their cases. */
  deposited = 0;
  cases = 0;
  /** Cases fetched by a recipient's software, every file's digest and size checked. */
  delivered = 0;
  /** Cases whose sender read and acknowledged the recipient's receipt. */
  acknowledged = 0;
  /** Cases whose sender learnt that they are done or refused. */
  done = 0;
  complements = 0;
  /** Calls made again on the hub's demand (503, 429) or after a broken connection. */
  waits = 0;
  errors = 0;
  lastError = '';

  fail(error: unknown): void {
    this.errors++;
    this.lastError = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }

  /** One line: `deposited 20,000 folders, 38,000 cases · delivered 120 · …`. */
  line(): string {
    const count = (value: number) => value.toLocaleString('en');
    const parts = [
      `deposited ${count(this.deposited)} folders, ${count(this.cases)} cases`,
      `delivered ${count(this.delivered)}`,
      `acknowledged ${count(this.acknowledged)}`,
      `done ${count(this.done)}`,
      `errors ${count(this.errors)}${this.lastError && ` (last: ${this.lastError.slice(0, longestError)})`}`,
    ];
    return parts.join(' · ');
  }
}
