/** A stage whose e-mails arrive. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Mail, Mailbox } from '#ops/demo/smtp.ts';
import { openStage, type Stage } from './stage.ts';

export interface Post extends Stage {
  /** The last e-mail to that address, waited for. @throws Error after ten seconds */
  mailTo(address: string): Promise<Mail>;
}

const TRIES = 100;
const PAUSE_MS = 100;

export async function openPost(): Promise<Post> {
  const mailbox = new Mailbox();
  const opened = await openStage({ HUB_SMTP_URL: await mailbox.open() });
  return {
    ...opened,
    async mailTo(address) {
      for (let tries = 0; tries < TRIES; tries++) {
        const found = mailbox.last.findLast(({ to }) => to.includes(address));
        if (found) return found;
        await sleep(PAUSE_MS);
      }
      throw new Error(`no e-mail to ${address}`);
    },
    async stop() {
      await opened.stop();
      await mailbox.close();
    },
  };
}
