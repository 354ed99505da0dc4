import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { Tokens } from '#api/auth/tokens.ts';
import { deriveKey } from '#engine/client/keys.ts';
import { projectFolder } from '#ops/place.ts';

/** How secrets are compared, which no clock could prove; and tokens made by somebody who knows all but the key. */

const AUTH = globSync('api/auth/**/*.ts', { cwd: projectFolder }).map((path) => ({
  path,
  source: ts.createSourceFile(path, readFileSync(join(projectFolder, path), 'utf8'), ts.ScriptTarget.Latest, true),
}));

function every<T extends ts.Node>(root: ts.Node, is: (node: ts.Node) => node is T): T[] {
  const found: T[] = [];
  const visit = (node: ts.Node): void => {
    if (is(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

describe('secrets, their hashes and MACs', () => {
  /** What holds one, by name. */
  const SECRET = /secret|hash|mac\b|given|right/i;
  const EQUAL: ReadonlySet<ts.SyntaxKind> = new Set([
    ts.SyntaxKind.EqualsEqualsToken,
    ts.SyntaxKind.EqualsEqualsEqualsToken,
    ts.SyntaxKind.ExclamationEqualsToken,
    ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ]);

  it('are never compared by operator, nor searched for', () => {
    for (const { path, source } of AUTH) {
      for (const { left, right, operatorToken } of every(source, ts.isBinaryExpression)) {
        if (!EQUAL.has(operatorToken.kind)) continue;
        for (const side of [left, right]) {
          const text = side.getText();
          const harmless = /\.length$|^previous$/.test(text);
          assert.equal(
            SECRET.test(text) && !harmless,
            false,
            `${path}: ${left.getText()} ${operatorToken.getText()} …`,
          );
        }
      }
      for (const called of every(source, ts.isCallExpression)) {
        const text = called.getText();
        const searched = /\.(?:includes|indexOf|startsWith|endsWith|localeCompare|equals|compare)\(/.test(
          `${called.expression.getText()}(`,
        );
        assert.equal(searched && /secret|mac\b/i.test(text), false, `${path}: ${text}`);
      }
    }
  });

  it('are compared by timingSafeEqual, in the two places that compare any', () => {
    const places = AUTH.filter(({ source }) =>
      every(source, ts.isCallExpression).some((called) => called.expression.getText() === 'timingSafeEqual'),
    ).map(({ path }) => path);
    assert.deepEqual(places.sort(), ['api/auth/secrets.ts', 'api/auth/tokens.ts']);
  });

  it('of a client unknown are compared all the same, before anything is decided', () => {
    const { source } = AUTH.find(({ path }) => path.endsWith('secrets.ts')) as (typeof AUTH)[number];
    const match = every(source, ts.isMethodDeclaration).find((method) => method.name.getText() === 'match');
    const statements = match?.body?.statements.map((statement) => statement.getText()) ?? [];
    const decided = statements.findIndex((text) => text.startsWith('if '));
    assert.equal(statements.slice(0, decided).filter((text) => text.includes('same(')).length, 2);
  });
});

describe('a token', () => {
  const MASTER = Buffer.alloc(32, 7);
  const NOW = Date.parse('2026-03-02T09:00:00Z');
  const HOUR = 3_600_000;
  const DAY = 24 * HOUR;
  const tokens = new Tokens(MASTER, 3600);
  const caller = { scope: 'OSL', org: 'OSL-13000000000017-00000' } as const;
  const made = (now = NOW): string => tokens.issue('c', caller, null, now);
  const [period, payload, mac] = made().split('.') as [string, string, string];
  const period_ = Number.parseInt(period, 36);
  const sign = (text: string, of: number, master = MASTER): string =>
    createHmac('sha256', deriveKey(master, `access tokens ${of}`))
      .update(text)
      .digest('base64url');
  const claims = (expires: number): string =>
    Buffer.from(JSON.stringify(['c', 'ADMIN', 'Admin-1-0', null, null, NOW / 1000, expires / 1000])).toString(
      'base64url',
    );
  const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  const FORGED: Record<string, string> = {
    'of another key': `${period}.${payload}.${sign(`${period}.${payload}`, period_, Buffer.alloc(32, 8))}`,
    'of a period not yet begun': `${(period_ + 9).toString(36)}.${payload}.${sign(`${(period_ + 9).toString(36)}.${payload}`, period_ + 9)}`,
    'of a period long over': `${(period_ - 9).toString(36)}.${payload}.${sign(`${(period_ - 9).toString(36)}.${payload}`, period_ - 9)}`,
    'signed for one period, naming another': `${(period_ - 1).toString(36)}.${payload}.${mac}`,
    'with the period spelled otherwise': `0${period}.${payload}.${mac}`,
    'with the period in capitals': `${period.toUpperCase()} .${payload}.${mac}`,
    'cut short': made().slice(0, -1),
    'made longer': `${made()}A`,
    'with a part more': `${period}.${payload}.${payload}.${mac}`,
    'with padding': `${period}.${payload}.${mac}=`,
    'in standard base64': `${period}.${payload}.${mac.replaceAll('-', '+').replaceAll('_', '/')}+`,
    'with spaces': `${period}. ${payload}.${mac}`,
    'with other claims': `${period}.${claims(NOW + HOUR)}.${mac}`,
    'without a MAC': `${period}.${claims(NOW + HOUR)}.`,
    'of a JWT without algorithm': `${json({ alg: 'none', typ: 'JWT' })}.${json({ scope: 'ADMIN' })}.`,
    'of a JWT signed with what is public': `${json({ alg: 'HS256' })}.${json({ scope: 'ADMIN' })}.${sign('x', period_, Buffer.alloc(32))}`,
    'of the prototype': '__proto__.constructor.toString',
    'of megabytes': `${period}.${'A'.repeat(1024 * 1024)}.${mac}`,
  };
  for (const [name, token] of Object.entries(FORGED)) {
    it(`${name} is none`, () => assert.equal(tokens.verify(token, NOW), undefined));
  }

  it('genuine is taken, expired is not, and no clock set back takes it longer', () => {
    assert.equal(tokens.verify(made(), NOW)?.bearer.scope, 'OSL');
    assert.equal(tokens.verify(made(), NOW + HOUR), undefined);
    assert.equal(tokens.verify(made(NOW - DAY), NOW), undefined);
    const eternal = `${period}.${claims(NOW + 1000 * DAY)}`;
    assert.equal(tokens.verify(`${eternal}.${sign(eternal, period_)}`, NOW + 3 * DAY), undefined, 'its key is gone');
  });
});
