import { deepEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectFolder } from '#ops/place.ts';
import { startHub, type World } from '#test/contract/hub.ts';
import { call } from '#test/contract/wire.ts';
import { PROMETHEUS, pages, queriesOf, rules } from './alerts.ts';
import { declared, metricsOf } from './expression.ts';

const recorded = readFileSync(join(PROMETHEUS, 'rules.yml'), 'utf8');
const records = new Set([...recorded.matchAll(/- record: (\S+)/g)].map(([, name]) => name as string));
/** Made by Prometheus. */
const ITS_OWN = new Set(['up', 'ALERTS']);

const recordings = [...recorded.matchAll(/expr: (?:>-\n)?([\s\S]*?)(?=\n\s*(?:#|- )|$(?![\s\S]))/g)];
/** What operators ask Prometheus, page by page. */
const queries = pages().flatMap(queriesOf);
const expressions = [...rules().map(({ expr }) => expr), ...recordings.map(([, expr]) => expr as string), ...queries];
const asked = [...new Set(expressions.flatMap(metricsOf))].sort();
const product = asked.filter((name) => !ITS_OWN.has(name) && !records.has(name)).map(declared);

describe('metrics that alerts and runbooks ask for', () => {
  let world: World;
  /** by name, the metrics of all processes */
  let texts: string[];
  before(async () => {
    world = await startHub();
    texts = await Promise.all(world.metrics.map(async (url) => (await call(url, 'GET', '/metrics')).text));
  });
  after(() => world.stop());

  it('are recorded where they have the name of a recording', () => {
    ok(recordings.length === (recorded.match(/- record: /g) ?? []).length && queries.length > pages().length);
    deepEqual(
      asked.filter((name) => name.includes(':') && !records.has(name)),
      [],
    );
    deepEqual(
      [...records].filter((name) => !asked.includes(name)),
      [],
      'nobody asks for these',
    );
  });

  it('are in docs/metrics.md', () => {
    const known = readFileSync(join(projectFolder, 'docs/metrics.md'), 'utf8');
    const others = product.filter((name) => !/^(?:process|nodejs)_/.test(name) && !name.includes(':'));
    ok(others.length > 20);
    deepEqual(
      others.filter((name) => !known.includes(`\`${name}\``)),
      [],
    );
  });

  it('are served by the product', () => {
    const served = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)));
    // The portal's come from its own process (test/portal).
    deepEqual(
      product.filter((name) => !name.includes(':') && !name.startsWith('portal_') && !served.has(name)),
      [],
    );
  });

  it('have a bucket that ends at each objective', () => {
    for (const [, name, le] of recorded.matchAll(/(\w+_bucket)\{le="(\d+)"\}/g))
      ok(
        texts.some((text) =>
          text.split('\n').some((line) => line.startsWith(`${name}{`) && line.includes(`le="${le}"`)),
        ),
        `${name} ${le}`,
      );
  });
});
