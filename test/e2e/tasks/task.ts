/** A core task, and what it costs by each kind of hands. */
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext } from '../browser.ts';
import type { Post } from '../post.ts';
import { type Hands, Mouse } from './hands.ts';
import { Keyboard } from './keyboard.ts';

export const MODES = ['by mouse', 'by keyboard alone', 'without JavaScript'] as const;
export type Mode = (typeof MODES)[number];

/** What a task has to do with. */
export interface Scene {
  stage: Post;
  hands: Hands;
  /** the page, to be looked at */
  page: Page;
  mode: Mode;
  /** From here on gestures and seconds count. */
  begin(): void;
  /** What others take their time for does not count. */
  apart<T>(what: Promise<T>): Promise<T>;
  /** The task is done: what follows only makes sure of it. */
  end(): void;
}

export interface Task {
  /** of issue 5, 4.4 */
  number: number;
  name: string;
  run(scene: Scene): Promise<void>;
}

/** On a busy machine a page takes a second; what takes longer does not come. ms */
const LONGEST_MS = 15_000;

export interface Cost {
  task: Task;
  mode: Mode;
  gestures: number;
  seconds: number;
}

/** One test for each task; what they cost is kept. @param stage known when the tests run */
export function taskTests(
  stage: () => Post,
  tasks: readonly Task[],
  costs: Cost[],
  modes: readonly Mode[] = MODES,
): void {
  for (const mode of modes) {
    describe(mode, () => {
      for (const task of tasks) {
        it(`${task.number}. ${task.name}`, async (test) => {
          const cost = await perform(stage(), task, mode);
          costs.push(cost);
          test.diagnostic(
            `${mode}, ${task.number}. ${task.name}: ${cost.gestures} gestures, ${cost.seconds.toFixed(1)} s`,
          );
        });
      }
    });
  }
}

async function perform(stage: Post, task: Task, mode: Mode): Promise<Cost> {
  const script = mode !== 'without JavaScript';
  const context = await openContext(stage.browser, { script });
  try {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.ground.portal });
    context.setDefaultTimeout(LONGEST_MS);
    const page = await context.newPage();
    const hands = mode === 'by keyboard alone' ? await Keyboard.at(page) : new Mouse(page, script);
    let [began, ended] = [performance.now(), 0];
    let gestures = 0;
    const begin = () => {
      began = performance.now();
      hands.gestures = 0;
    };
    const end = () => {
      ended = performance.now();
      gestures = hands.gestures;
    };
    const apart = async <T>(what: Promise<T>): Promise<T> => {
      const since = performance.now();
      const got = await what;
      began += performance.now() - since;
      return got;
    };
    await task.run({ stage, hands, page, mode, begin, apart, end });
    if (ended === 0) throw new Error('the task does not say when it is done');
    return { task, mode, gestures, seconds: (ended - began) / 1000 };
  } finally {
    await context.close();
  }
}

/** A line a task: gestures and seconds by each kind of hands. */
export function costTable(costs: readonly Cost[]): string {
  const numbers = [...new Set(costs.map(({ task }) => task.number))].sort((a, b) => a - b);
  const cell = (number: number, mode: Mode) => {
    const found = costs.find((cost) => cost.task.number === number && cost.mode === mode);
    return found ? `${found.gestures} / ${found.seconds.toFixed(1)} s` : '';
  };
  const name = (number: number) => costs.find(({ task }) => task.number === number)?.task.name ?? '';
  return [
    `| task | ${MODES.join(' | ')} |`,
    `|-|${MODES.map(() => '-').join('|')}|`,
    ...numbers.map(
      (number) => `| ${number}. ${name(number)} | ${MODES.map((mode) => cell(number, mode)).join(' | ')} |`,
    ),
  ].join('\n');
}

/** Signs in by these hands, from the page that is wanted. */
export async function arrive({ stage, hands, page }: Scene, path: string, familyName: string): Promise<void> {
  await page.goto(`${stage.ground.portal}${path}`);
  await hands.press(page.getByRole('button', { name: 'S’identifier avec ProConnect' }));
  await hands.press(page.getByRole('button', { name: familyName }));
}

/** The same for somebody who is asked for a second factor. */
export async function arriveStrong(scene: Scene, path: string, familyName: string): Promise<void> {
  const { hands, page } = scene;
  await arrive(scene, path, familyName);
  await hands.press(page.getByRole('button', { name: 'Continuer avec un second facteur' }));
  await hands.press(page.getByRole('button', { name: familyName }));
  await hands.press(page.getByRole('button', { name: 'Confirmer avec mon second facteur' }));
}
