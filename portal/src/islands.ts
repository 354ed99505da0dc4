/** The script of pages without Kit's client: mounts what of them lives. The rest is as the server made it. */
import { type Component, mount, unmount } from 'svelte';
import CopyButton from '#lib/ui/CopyButton.svelte';
import FreshCases from '#lib/ui/FreshCases.svelte';
import { goTo } from '#lib/ui/go.ts';
import type { IslandName } from '#lib/ui/island.ts';
import Keyboard from '#lib/ui/Keyboard.svelte';
import LiveCase from '#lib/ui/LiveCase.svelte';
import Passing from '#lib/ui/Passing.svelte';
import Selection from '#lib/ui/Selection.svelte';
import SessionWarning from '#lib/ui/SessionWarning.svelte';

/** What a decision changes on a page once it has left. */
const CHANGING = ['.undo-bar', '[data-island="live"]', 'aside.acts', 'dl.identity', 'section[aria-labelledby="suivi"]'];

const PLACE = '[data-island]';
const mounted = new Map<Element, object>();

/** Reads the page again, and changes those parts of it: what is being typed elsewhere stays. */
async function again(): Promise<void> {
  const answer = await fetch(location.href).catch(() => undefined);
  if (!answer?.ok || answer.redirected) return;
  const read = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const selector of CHANGING) {
    const [old, fresh] = [document.querySelector(selector), read.querySelector<HTMLElement>(selector)];
    if (!old) continue;
    for (const place of placesIn(old)) end(place);
    old.replaceWith(...(fresh ? [fresh] : []));
    if (fresh) placesIn(fresh).forEach(begin);
  }
}

const islands: Record<Exclude<IslandName, 'passkey'>, [component: Component<never>, own?: object]> = {
  copy: [CopyButton],
  countdown: [Passing, { again }],
  fresh: [FreshCases],
  keyboard: [Keyboard, { go: goTo }],
  live: [LiveCase],
  selection: [Selection],
  session: [SessionWarning],
};

/** That part itself, when it is one, and those in it. */
const placesIn = (part: Element): HTMLElement[] => [
  ...(part instanceof HTMLElement && part.matches(PLACE) ? [part] : []),
  ...part.querySelectorAll<HTMLElement>(PLACE),
];

/** On one page only, with a library of its own: it comes when that page asks for it. */
async function beginPasskey(target: HTMLElement): Promise<void> {
  const { default: form } = await import('#lib/ui/PasskeyForm.svelte');
  show(target, form as Component<never>);
}

function begin(target: HTMLElement): void {
  const name = target.dataset['island'] as IslandName;
  if (name === 'passkey') void beginPasskey(target);
  else show(target, ...islands[name]);
}

function show(target: HTMLElement, component: Component<never>, own?: object): void {
  const props = { ...(JSON.parse(target.dataset['props'] ?? '{}') as object), ...own } as never;
  target.replaceChildren();
  mounted.set(target, mount(component, { target, props }));
}

function end(target: Element): void {
  const lives = mounted.get(target);
  mounted.delete(target);
  if (lives) void unmount(lives);
}

placesIn(document.body).forEach(begin);
