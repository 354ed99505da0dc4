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

  /** One line: `20,000 folders · 38,000 cases · 12,000 delivered · …`; errors come first when there are any. */
  line(mails: number): string {
    const count = (value: number, what: string) => `${value.toLocaleString('en')} ${what}`;
    const errors = count(this.errors, 'errors');
    const parts = [
      count(this.deposited, 'folders'),
      count(this.cases, 'cases'),
      count(this.delivered, 'delivered'),
      count(this.acknowledged, 'acknowledged'),
      count(this.done, 'done'),
      count(mails, 'e-mails'),
    ];
    return (this.errors > 0 ? [errors, ...parts] : [...parts, errors]).join(' · ');
  }
}
