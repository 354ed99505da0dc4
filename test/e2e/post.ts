/** A stage whose e-mails arrive, with a demonstration space. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Mail, Mailbox } from '#ops/demo/smtp.ts';
import { Door } from '#ops/demo/space/door.ts';
import { openStage, type Stage } from './stage.ts';

export interface Post extends Stage {
  /** of the demonstration space, which is not there before a test makes it */
  door: Door;
  /** The last e-mail to that address, waited for. @throws Error after ten seconds */
  mailTo(address: string): Promise<Mail>;
}

const TRIES = 100;
const PAUSE_MS = 100;

export async function openPost(): Promise<Post> {
  const mailbox = new Mailbox();
  const door = new Door(0);
  const opened = await openStage({ HUB_SMTP_URL: await mailbox.open(), HUB_PORTAL_DEMO_URL: await door.open() });
  return {
    ...opened,
    door,
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
      await door.close();
    },
  };
}
