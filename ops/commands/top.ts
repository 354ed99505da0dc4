/**
 * `./hub top`: the hub at a glance, for who is on call: what flows, what waits, who owns what, who is slow, what is wrong.
 *
 * On a terminal it fills the screen; elsewhere, or with `--once`, it prints one plain text. Reads `/metrics` of the hub's
 * processes, and Redis. Exit codes: 0 done, 1 no Redis answers at the start, or with `--once` something pages, 2 wrong words.
 */
import { ReadStream, WriteStream } from 'node:tty';
import { dataOf, metricsUrls, openRedis, redisUrlOf } from '#ops/console/target.ts';
import { alarmsOf } from '#ops/console/top/alarms.ts';
import { RecipientsWatch } from '#ops/console/top/census.ts';
import { type Figures, figuresOf } from '#ops/console/top/figures.ts';
import { paint } from '#ops/console/top/paint.ts';
import { type Look, look, type Sources } from '#ops/console/top/sample.ts';
import { report, screen, type View } from '#ops/console/top/screen.ts';
import { type Key, Terminal } from '#ops/console/top/terminal.ts';
import { options, WrongOption } from '#ops/life.ts';
import { once } from '#ops/once.ts';

const MS_PER_S = 1_000;
const USUAL_SECONDS = 2;
const MOST_SECONDS = 3_600;
const WIDE = 200;
/** A country's recipients take some seconds to look at; what is urgent does not wait longer for them. ms */
const PATIENCE_MS = 15_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function secondsOf(given: string | boolean | undefined): number {
  if (given === undefined) return USUAL_SECONDS;
  const seconds = Number(given);
  if (seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  throw new WrongOption(`--every=${given}: seconds, ${MOST_SECONDS} at most`);
}

async function printed(sources: Sources, seconds: number, recipients: RecipientsWatch): Promise<number> {
  const before = await look(sources);
  await Promise.all([Promise.race([recipients.refresh(), pause(PATIENCE_MS)]), pause(seconds * MS_PER_S)]);
  const figures = figuresOf(await look(sources), before, recipients.known);
  for (const line of report(figures)) console.log(paint(line, WIDE, false).trimEnd());
  return alarmsOf(figures).some(({ severity }) => severity === 'page') ? 1 : 0;
}

/** What a key changes of what is shown. */
function pressed(view: View, key: Key, tables: number): void {
  const page = Math.max(1, Math.floor(view.rows / 2));
  const moved: Partial<Record<Key, number>> = { up: -1, down: 1, pageUp: -page, pageDown: page };
  const step = moved[key];
  if (step !== undefined) view.from = Math.max(0, view.from + step);
  if (key === 'pause') view.paused = !view.paused;
  if (key === 'reverse') view.reversed = !view.reversed;
  if (key === 'sort') view.sort = view.sort === undefined ? 0 : view.sort + 1;
  if (key !== 'next' && key !== 'previous') return;
  view.table = (view.table + (key === 'next' ? 1 : tables - 1)) % tables;
  [view.sort, view.reversed, view.from] = [undefined, false, 0];
}

const TABLES = 4;

async function lived(
  sources: Sources,
  everySeconds: number,
  terminal: Terminal,
  recipients: RecipientsWatch,
): Promise<number> {
  const colours = (process.env['NO_COLOR'] ?? '') === '';
  const view: View = {
    ...terminal.size,
    table: 0,
    sort: undefined,
    reversed: false,
    from: 0,
    paused: false,
    everySeconds,
  };
  let figures: Figures | undefined;
  const draw = (): void => {
    Object.assign(view, terminal.size);
    if (figures) terminal.draw(screen(figures, view).map((line) => paint(line, view.columns, colours)));
  };
  let quit: (() => void) | undefined;
  const over = new Promise<void>((resolve) => {
    quit = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => quit?.());
  terminal.open((key) => {
    if (key === 'quit') quit?.();
    pressed(view, key, TABLES);
    draw();
  }, draw);
  let ended = false;
  void over.then(() => {
    ended = true;
  });
  recipients.start();
  let before: Look = await look(sources);
  figures = figuresOf(before, before, recipients.known);
  draw();
  while (!ended) {
    await Promise.race([over, pause(everySeconds * MS_PER_S)]);
    if (ended || view.paused) continue;
    const now = await look(sources);
    figures = figuresOf(now, before, recipients.known);
    before = now;
    draw();
  }
  terminal.close();
  return 0;
}

await once(async () => {
  const given = options(['data', 'url', 'every'], ['once']);
  const data = dataOf(given['data']);
  const seconds = secondsOf(given['every']);
  metricsUrls(data, given['url']);
  const redis = await openRedis(redisUrlOf(data));
  const sources: Sources = { data, urls: () => metricsUrls(data, given['url']), redis };
  const recipients = new RecipientsWatch(redisUrlOf(data));
  const full = !given['once'] && process.stdin instanceof ReadStream && process.stdout instanceof WriteStream;
  try {
    if (!full) return await printed(sources, seconds, recipients);
    const terminal = new Terminal(process.stdin as ReadStream, process.stdout as WriteStream);
    return await lived(sources, seconds, terminal, recipients);
  } finally {
    await recipients.close();
    await redis.end();
  }
});
