/** Hands that have a keyboard only: what they act on is reached by Tab, and seen all along the way. */
import type { Locator, Page } from 'playwright-core';
import type { Attached, Hands } from './hands.ts';

/** No page has as many places to stop at: whoever needs more turns in circles. */
const MOST_KEYS = 400;

/** What is wrong with the place the focus is at: it is nowhere, off the screen, under something else, or not marked. */
const FOCUS = `(() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return 'nowhere';
  if (at.tagName === 'IFRAME') return '';
  const name = at.outerHTML.slice(0, 120);
  const box = at.getBoundingClientRect();
  if (box.width < 1 || box.height < 1) return 'no size: ' + name;
  if (box.bottom <= 0 || box.right <= 0 || box.top >= innerHeight || box.left >= innerWidth) return 'off the screen: ' + name;
  const middle = [Math.max(0, Math.min(innerWidth - 1, box.left + box.width / 2)), Math.max(0, Math.min(innerHeight - 1, box.top + box.height / 2))];
  const [first] = at.getClientRects();
  const seen = [middle, [first.left + 2, Math.max(0, Math.min(innerHeight - 1, first.top + first.height / 2))]]
    .some(([x, y]) => { const top = document.elementFromPoint(x, y); return top && (at.contains(top) || top.contains(at)); });
  if (!seen) return 'under something else: ' + name;
  const marked = (one) => { const { outlineStyle, outlineWidth } = getComputedStyle(one); return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0; };
  return marked(at) ? '' : 'not marked: ' + name;
})()`;

/** Set in each page: a press of the mouse that a person could have made is told. */
const WATCH = "addEventListener('pointerdown', () => { globalThis.relaisMouse(); }, true)";

export class FocusLost extends Error {
  override name = 'FocusLost';
}

export class Keyboard implements Hands {
  readonly page: Page;
  readonly script = true;
  gestures = 0;
  /** The page is new: the focus is at its beginning. */
  #fresh = true;
  #mouse = 0;

  private constructor(page: Page) {
    this.page = page;
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#fresh = true;
    });
  }

  static async at(page: Page): Promise<Keyboard> {
    const hands = new Keyboard(page);
    await page.exposeFunction('relaisMouse', () => {
      hands.#mouse += 1;
    });
    await page.addInitScript(WATCH);
    // Somebody listens from the start: a browser told so with the key that opens the dialogue may hear the key first.
    page.on('filechooser', () => undefined);
    return hands;
  }

  async press(what: Locator): Promise<void> {
    await this.#reach(what);
    await this.#key('Enter');
  }

  skip(name: string): Promise<void> {
    return this.press(this.page.getByRole('link', { name }));
  }

  async write(where: Locator, text: string): Promise<void> {
    await this.#reach(where);
    // What stands there already is selected by the arrival with Tab, in fields of one line.
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(text);
    this.gestures += 1;
  }

  async tick(what: Locator): Promise<void> {
    const isRadio = (await what.getAttribute('type')) === 'radio';
    await this.#reach(what, isRadio);
    if (!isRadio) {
      if (!(await what.isChecked())) await this.#key('Space');
      return;
    }
    // An arrow goes to the next of the group, and chooses it.
    for (let keys = 0; !(await what.isChecked()) && keys < MOST_KEYS; keys += 1) {
      await this.#key((await isFocused(what)) ? 'Space' : 'ArrowDown');
    }
  }

  async choose(where: Locator, label: string): Promise<void> {
    await this.#reach(where);
    await this.page.keyboard.type(label);
    this.gestures += 1;
    const chosen = await where.evaluate((select: { selectedOptions: { label: string }[] }) =>
      select.selectedOptions[0]?.label.trim(),
    );
    if (chosen !== label) throw new Error(`${label} was typed, and ${chosen} is chosen`);
  }

  async attach(where: Locator, files: Attached[]): Promise<void> {
    await this.#reach(where);
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.#key('Enter')]);
    await chooser.setFiles(files);
  }

  /** @param group reaching any radio of its group will do: Tab stops at one of them only */
  async #reach(what: Locator, group = false): Promise<void> {
    await what.waitFor();
    if (this.#mouse > 0) throw new Error('the mouse was used');
    const start = await where(what, group);
    if (start === 'nowhere' && !this.#fresh) throw new FocusLost('what had the focus is gone');
    const key = start === 'before' ? 'Shift+Tab' : 'Tab';
    for (let keys = 0; keys < MOST_KEYS; keys += 1) {
      if ((await where(what, group)) === 'there') {
        this.#fresh = false;
        return;
      }
      await this.#key(key);
      const fault = await this.page.evaluate<string>(FOCUS);
      if (fault) throw new FocusLost(`${fault} (on the way to ${what})`);
    }
    throw new FocusLost(`${what} is not reached by ${key}`);
  }

  async #key(name: string): Promise<void> {
    this.gestures += 1;
    await this.page.keyboard.press(name);
  }
}

const isFocused = (what: Locator): Promise<boolean> =>
  what.evaluate((node: Node) => node === node.ownerDocument?.activeElement);

/** Where it is from the focus: there, before it, after it; nowhere: nothing has the focus. */
const where = (what: Locator, group: boolean): Promise<'there' | 'before' | 'after' | 'nowhere'> =>
  what.evaluate((node: Input, any: boolean) => {
    const at = node.ownerDocument.activeElement;
    if (at === node || (any && at.name === node.name && at.type === node.type && at.form === node.form)) return 'there';
    if (at === node.ownerDocument.body) return 'nowhere';
    return at.compareDocumentPosition(node) & 2 ? 'before' : 'after';
  }, group);

/** As much of a browser's nodes as is used here: the tests know no DOM. */
interface Node {
  ownerDocument: { activeElement: Node; body: Node } | null;
}
interface Input {
  name: string;
  type: string;
  form: unknown;
  ownerDocument: { activeElement: Input; body: Input };
  compareDocumentPosition(other: Input): number;
}
