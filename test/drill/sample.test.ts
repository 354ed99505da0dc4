import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectFolder } from '#ops/place.ts';
import type { Drill } from './drill.ts';
import { DRILLS } from './drills.ts';
import { story } from './report.ts';
import { runBlock } from './runbook.ts';
import { tryDrill } from './trial.ts';

const RULE = /- alert: (\w+)\n[\s\S]*?severity: (\w+)/g;
const text = readFileSync(join(projectFolder, 'ops/prometheus/alerts.yml'), 'utf8');
const rules = new Set([...text.matchAll(RULE)].map(([, name, severity]) => `${name} ${severity}`));

it('has a drill for each alert, and none for another', () => {
  const named = new Set([...rules].map((rule) => rule.split(' ')[0]));
  deepEqual(DRILLS.map(({ alert }) => alert).sort(), [...named].sort());
  for (const { alert, severities } of DRILLS)
    for (const severity of severities) ok(rules.has(`${alert} ${severity}`), `${alert} ${severity}`);
});

it('a command of a runbook that does not end is ended, with what it started', async () => {
  const { code, output } = await runBlock('echo seen\nsleep 3600 | cat', process.env, 200);
  deepEqual([code, output], [undefined, 'seen\n']);
});

describe('a process is killed', () => {
  it('its alerts ring, its runbook’s commands work, and they end when it is back', async (context) => {
    const outcome = await tryDrill(DRILLS.find(({ alert }) => alert === 'ScrapeMissing') as Drill);
    context.diagnostic(story(outcome));
    deepEqual(outcome.troubles, []);
    deepEqual(
      outcome.rules.map(({ severity, suppressed }) => [severity, suppressed]),
      // Who is called for all processes is not told of each.
      [
        ['page', false],
        ['ticket', true],
      ],
    );
    equal(outcome.told.includes('astreinte firing'), true);
  });
});
