import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerGrant } from '#api/auth/grant.ts';
import { Throttle } from '#api/auth/throttle.ts';
import { AuthWorld } from './world.ts';

/** Failed token requests: who is slowed, and who never is. */

const HERE = '192.0.2.1';
const MINUTE = 60_000;

class Town extends AuthWorld {
  constructor() {
    super();
    for (const id of ['meaux', 'orly', 'lens']) this.sender(id, `secret of ${id}`);
  }

  ask(id: string, secret = `secret of ${id}`, address = HERE) {
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const body = 'grant_type=client_credentials&scope=OSL';
    return answerGrant(this.access, { authorization, contentType: '', body, address });
  }

  statuses(count: number, id: string, secret: (n: number) => string, address = HERE): number[] {
    return Array.from({ length: count }, (_, n) => this.ask(id, secret(n), address).status);
  }
}

const wrong = (): string => 'wrong';
const guess = (n: number): string => `guess ${n}`;

describe('one client that fails', () => {
  it('is told to wait from the tenth failure in a minute on, longer each time, up to a minute', () => {
    const town = new Town();
    assert.deepEqual(town.statuses(9, 'orly', wrong), Array(9).fill(401));
    const waits = Array.from({ length: 8 }, () => town.ask('orly', 'wrong').wait);
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    const { status, text } = town.ask('orly', 'wrong');
    assert.equal(status, 429);
    assert.equal(JSON.parse(text).error, 'invalid_client');
    assert.match(JSON.parse(text).error_description, /client_id: orly: .*Retry-After/);
  });

  it('hurts nobody: not its own other processes, not its neighbours', () => {
    const town = new Town();
    for (let n = 0; n < 500; n += 1) {
      town.ask('orly', 'wrong');
      assert.equal(town.ask('meaux').status, 200);
      if (n % 50 === 49) assert.equal(town.ask('orly').status, 200, 'a process with the right secret');
    }
  });

  it('is forgiven by a success, and by a minute of peace', () => {
    const town = new Town();
    town.statuses(9, 'orly', wrong);
    assert.equal(town.ask('orly').status, 200);
    assert.deepEqual(town.statuses(9, 'orly', wrong), Array(9).fill(401));
    town.time += MINUTE;
    assert.deepEqual(town.statuses(9, 'orly', wrong), Array(9).fill(401));
  });
});

describe('somebody who guesses', () => {
  it('is not looked at for a while, whatever the secret, and the wait does not grow by asking', () => {
    const town = new Town();
    town.statuses(10, 'orly', guess);
    const first = town.ask('orly');
    assert.deepEqual([first.status, first.wait], [429, 1]);
    town.statuses(50, 'orly', guess);
    town.time += 1000;
    assert.equal(town.ask('orly').status, 200, 'the right secret, once the wait is over');
  });

  it('gets one guess a minute in the end', () => {
    const town = new Town();
    let looked = 0;
    for (let second = 0; second < 3600; second += 1) {
      for (let n = 0; n < 5; n += 1) {
        const before = town.access.throttle.barred(HERE, 'orly', town.time);
        town.ask('orly', `guess ${second} ${n}`);
        if (before === 0) looked += 1;
      }
      town.time += 1000;
    }
    assert.equal(looked < 80, true, String(looked));
  });

  it('locks nobody out who is elsewhere', () => {
    const town = new Town();
    town.statuses(100, 'orly', guess, '203.0.113.9');
    assert.equal(town.ask('orly').status, 200);
  });

  it('learns nothing about which clients exist', () => {
    const town = new Town();
    const answers = (id: string) =>
      Array.from({ length: 20 }, (_, n) => town.ask(id, guess(n), '203.0.113.9')).map(({ status, text, wait }) => [
        status,
        wait,
        text.replaceAll(id, '…'),
      ]);
    assert.deepEqual(answers('orly'), answers('none'));
  });
});

describe('an address', () => {
  it('is told to wait beyond a hundred failures a minute, whoever fails; who is right never is', () => {
    const town = new Town();
    const failures = Array.from({ length: 130 }, (_, n) => town.ask(`town ${n}`).status);
    assert.deepEqual(failures, [...Array(100).fill(401), ...Array(30).fill(429)]);
    for (const id of ['meaux', 'orly', 'lens']) assert.equal(town.ask(id).status, 200);
    assert.equal(town.ask('town 1', 'x', '192.0.2.2').status, 401, 'another address');
    town.time += MINUTE;
    assert.equal(town.ask('town 1').status, 401, 'a minute later');
  });

  it('asks for tokens as often as it likes when they are granted', () => {
    const town = new Town();
    for (let n = 0; n < 5000; n += 1) assert.equal(town.ask('orly').status, 200);
    assert.equal(town.access.throttle.size, 0);
  });
});

describe('memory', () => {
  it('is bounded, whatever the ids and addresses', () => {
    const throttle = new Throttle();
    for (let address = 0; address < 1500; address += 1) {
      for (let id = 0; id < 80; id += 1) throttle.failed(`10.0.${address}`, `${id} ${'x'.repeat(3000)}`, 'guess', 0);
    }
    assert.equal(throttle.size <= 1024 * 65, true);
    assert.equal(throttle.size > 1024, true);
  });

  it('ids longer than any given here share a count', () => {
    const throttle = new Throttle();
    const waits = Array.from({ length: 12 }, (_, n) => throttle.failed(HERE, `${'x'.repeat(100)}${n}`, 'guess', 0));
    assert.deepEqual(waits.slice(9), [1, 2, 4]);
  });
});
