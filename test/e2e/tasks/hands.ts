/** Hands at work on a page: the gestures of a task, counted, whatever they are made with. */
import type { Locator, Page } from 'playwright-core';

export interface Attached {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export interface Hands {
  /** what is looked at; only the hands act on it */
  page: Page;
  /** whether pages have their script */
  script: boolean;
  /** clicks, or keys; a text that is typed is one */
  gestures: number;
  /** follows a link, presses a button, unfolds what is folded */
  press(what: Locator): Promise<void>;
  /** follows a link that is there for those who have no mouse */
  skip(name: string): Promise<void>;
  write(where: Locator, text: string): Promise<void>;
  /** a checkbox, or the one of several radios */
  tick(what: Locator): Promise<void>;
  choose(where: Locator, label: string): Promise<void>;
  attach(where: Locator, files: Attached[]): Promise<void>;
}

export class Mouse implements Hands {
  readonly page: Page;
  readonly script: boolean;
  gestures = 0;

  constructor(page: Page, script: boolean) {
    this.page = page;
    this.script = script;
  }

  press(what: Locator): Promise<void> {
    this.gestures += 1;
    return what.click();
  }

  async skip(): Promise<void> {
    // There is nothing to pass over for a mouse.
  }

  write(where: Locator, text: string): Promise<void> {
    this.gestures += 2;
    return where.fill(text);
  }

  tick(what: Locator): Promise<void> {
    this.gestures += 1;
    return what.check();
  }

  async choose(where: Locator, label: string): Promise<void> {
    this.gestures += 2;
    await where.selectOption({ label });
  }

  attach(where: Locator, files: Attached[]): Promise<void> {
    this.gestures += 1;
    return where.setInputFiles(files);
  }
}
