import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { signedHeaders, WebhookSecrets } from '#api/webhooks/secrets.ts';
import { KIND } from '#engine/domain/ids.ts';
import { HERE, NOON } from '#test/domain/samples.ts';
import { testId } from '#test/domain/world.ts';

const secrets = new WebhookSecrets(Buffer.alloc(32, 7));
const id = testId(KIND.other, HERE, NOON);

describe('secrets of webhooks', () => {
  test('are in no part of what is kept, and each is another', () => {
    const [one, two] = [secrets.make(id), secrets.make(id)];
    assert.notEqual(one.secret, two.secret);
    const bytes = Buffer.from(one.secret.replace('whsec_', ''), 'base64');
    assert.equal(bytes.length, 32);
    assert.equal(Buffer.from(one.sealed, 'base64url').includes(bytes), false);
    assert.deepEqual(secrets.open(id, one.sealed).hmac, bytes);
  });

  test('open for their webhook and master key only, and not when a bit was changed', () => {
    const { sealed } = secrets.make(id);
    assert.throws(() => secrets.open(testId(KIND.other, HERE, NOON), sealed));
    assert.throws(() => new WebhookSecrets(Buffer.alloc(32, 8)).open(id, sealed));
    const bytes = Buffer.from(sealed, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      assert.throws(() => secrets.open(id, changed.toString('base64url')), `byte ${at}`);
    }
  });

  test('sign what the convention says: id, time and body; the library refuses anything else', () => {
    const { secret, sealed } = secrets.make(id);
    const body = '{"é":1}';
    const seconds = Math.floor(Date.now() / 1000);
    const headers = signedHeaders([secrets.open(id, sealed)], 'msg', seconds, body);
    const oracle = new Webhook(secret);
    assert.deepEqual(oracle.verify(body, headers), { é: 1 });
    assert.throws(() => oracle.verify(`${body} `, headers));
    assert.throws(() => oracle.verify(body, { ...headers, 'webhook-id': 'autre' }));
    assert.throws(() => oracle.verify(body, { ...headers, 'webhook-timestamp': String(seconds - 1) }));
    assert.equal(
      new Webhook(secret).sign('msg', new Date(seconds * 1000), body),
      headers['webhook-signature']?.split(' ')[0],
    );
  });
});
