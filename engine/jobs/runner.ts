import type { Job } from '../domain/decision.ts';
import type { JobRunner } from '../partition/jobs.ts';
import type { MailBody, Mailer } from './mail.ts';

/** Deletes blobs by name; unknown names are no error. */
export type Unlink = (names: readonly string[]) => Promise<void>;

/** One function per kind of job. Without a mail server e-mails are counted, never an error (contract §10). */
export function jobRunner(
  mail: Mailer | undefined,
  unlink: Unlink,
  count: (kind: string, outcome: string) => void,
): JobRunner {
  return async (job: Job) => {
    if (job.kind === 'mail') {
      if (mail === undefined) {
        count('mail', 'not sent');
        return;
      }
      await mail(job.body as MailBody);
    } else await unlink((job.body as { blobs: string[] }).blobs);
    count(job.kind, 'done');
  };
}
