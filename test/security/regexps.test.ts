import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { allRoutes } from '#api/routes.ts';
import { NewOrganization } from '#api/schemas/organization.ts';
import { NewSubscription, subscriptionAsked } from '#api/schemas/subscription.ts';
import { validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { parseJson } from '#api/server/json.ts';
import { projectFolder } from '#ops/place.ts';
import { ORLY, organization, subscription } from '#test/contract/country.ts';
import { type Node, parse, steps } from './backtrack.ts';

/** Every regular expression that meets a text of a client takes steps in proportion to its length, whatever the text. */

/** Those written in the sources, and the patterns of the schemas. */
function expressions(): Map<string, RegExp> {
  const found = new Map<string, RegExp>();
  for (const path of globSync('{api,engine/domain,engine/client,gateway}/**/*.ts', { cwd: projectFolder })) {
    const source = ts.createSourceFile(path, readFileSync(join(projectFolder, path), 'utf8'), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        found.set(`${path} ${node.text}`, new RegExp(node.text.slice(1, end), node.text.slice(end + 1)));
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  const patterns = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const [name, value] of Object.entries(schema)) {
      if (name === 'pattern' && typeof value === 'string') found.set(`pattern ${value}`, new RegExp(value));
      else patterns(value);
    }
  };
  for (const route of allRoutes({ auth: {} } as unknown as ApiDeps)) patterns(route.schemas);
  return found;
}

/** Characters texts are pumped with, and what may end them. */
const LETTERS = [...'aZ0.-_+ =@:/\\"%{}[]()T', '\u00e9', '\r'];
const ENDS = ['', '\u0001', 'x', '\\', '@'];

/** A shortest text a node matches. */
function sample(node: Node): string {
  if (node.kind === 'char') {
    for (let code = 127; code > 0; code -= 1)
      if (node.test(String.fromCharCode(code))) return String.fromCharCode(code);
    return '\u00e9';
  }
  if (node.kind === 'group') return (node.choices[0] ?? []).map(sample).join('');
  return node.kind === 'repeat' ? sample(node.node).repeat(node.min) : '';
}

/** Each repetition of an expression, with a text that leads to it. */
function* repetitions(node: Node, before: string): Generator<[string, Node]> {
  if (node.kind === 'repeat') {
    if (node.max > 1) yield [before, node.node];
    yield* repetitions(node.node, before);
  }
  if (node.kind !== 'group') return;
  for (const sequence of node.choices) {
    let led = before;
    for (const part of sequence) {
      yield* repetitions(part, led);
      led += sample(part);
    }
  }
}

/** Texts of about that length, each meant to make the expression try again and again. */
function* attacks(root: Node, length: number): Generator<string> {
  const starts = new Map<string, Set<string>>([['', new Set(LETTERS)]]);
  for (const [before, node] of repetitions(root, '')) {
    const pumps = starts.get(before) ?? new Set(LETTERS);
    pumps.add(sample(node));
    starts.set(before, pumps);
  }
  for (const [before, pumps] of starts) {
    const all = [...pumps].filter((pump) => pump !== '');
    const pairs = all.flatMap((pump) => [pump, ...['.', '-', '\\', '0'].map((other) => pump + other)]);
    for (const pump of pairs) {
      for (const end of ENDS) yield before + pump.repeat(Math.ceil(length / pump.length)) + end;
    }
  }
}

const LENGTH = 60;
/** A text twice as long takes twice the steps, and a constant more; four times would be the square. */
const FACTOR = 2.6;
const CONSTANT = 600;

const worst = (root: Node, length: number): number =>
  Math.max(...Array.from(attacks(root, length), (text) => steps(root, text).count));

describe('regular expressions', () => {
  const all = expressions();
  it('are found', () => {
    assert.equal(all.size > 25, true, String(all.size));
  });

  for (const [name, expression] of all) {
    it(name, () => {
      const root = parse(expression);
      const [short, long] = [worst(root, LENGTH), worst(root, 2 * LENGTH)];
      assert.equal(long <= FACTOR * short + CONSTANT, true, `${short} steps, then ${long}`);
    });
  }

  it('are counted as they are: the same answers as V8, and an explosion is seen', () => {
    for (const expression of all.values()) {
      for (const text of attacks(parse(expression), 20)) {
        const plain = new RegExp(expression.source, expression.flags.replace('g', ''));
        assert.equal(steps(parse(expression), text).found, plain.test(text), `${expression} ${JSON.stringify(text)}`);
      }
    }
    const grows = (bad: RegExp, length: number): [number, number] => [
      worst(parse(bad), length),
      worst(parse(bad), 2 * length),
    ];
    for (const bad of [/^a*a*b$/, /a+b/, /^[a-z]+[a-z.]+@$/]) {
      const [short, long] = grows(bad, LENGTH);
      assert.equal(long > FACTOR * short + CONSTANT, true, `${bad}: ${short}, ${long}`);
    }
    for (const bad of [/^(?:a+)+$/, /^(?:a|a)*$/, /^(?:[a-z]+\.?)+@$/]) {
      const [short, long] = grows(bad, 8);
      assert.equal(long > 10 * short, true, `${bad}: ${short}, ${long}`);
    }
  });
});

describe('a text of megabytes', () => {
  const LONG = 4 * 1024 * 1024;
  const where = { calledMethod: 'POST', path: '/x' };
  const texts = ['a', 'a.', 'a@a.', '"\\"', '1', '2024-01-01T00:00:00.1', '\\', ' ', '+1', 'é'].map((pump) =>
    pump.repeat(LONG / pump.length),
  );
  it('where a member is short is refused as too long, never a fault', () => {
    for (const text of [...texts, `a@${texts[1]}`, `2024-01-01T00:00:00.${texts[4]}`]) {
      for (const change of [{ email: text }, { phoneNumber: text }, { type: text }, { companyRegister: text }]) {
        assert.throws(() => validate(NewOrganization, { ...organization(ORLY, 'x'), ...change }, where), {
          status: 400,
        });
      }
      const body = { ...subscription('A', ORLY), localAdministrator: { email: text }, activateDateTime: text };
      assert.throws(() => subscriptionAsked(validate(NewSubscription, body, where), 0), { status: 400 });
    }
  });

  it('of backslashes before what looks like NUL is read, or refused', () => {
    for (const body of [`"${'\\\\'.repeat(LONG / 2)}\\u0000"`, `"${'\\\\'.repeat(LONG / 2)}u0000`]) {
      assert.throws(() => parseJson(where, body, 64), { status: 400 });
    }
    assert.equal((parseJson(where, `"${'\\\\'.repeat(LONG / 2)}u0000"`, 64) as string).length, LONG / 2 + 5);
  });
});
