import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTransport } from 'nodemailer';
import { crowd } from '#ops/demo/crowd.ts';
import { Ledger } from '#ops/demo/ledger.ts';
import { readMemory, writeMemory } from '#ops/demo/memory.ts';
import { bar, Screen } from '#ops/demo/screen.ts';
import { type Mail, Mailbox } from '#ops/demo/smtp.ts';
import { Desk } from '#ops/demo/traffic/desk.ts';
import { Filing } from '#ops/demo/traffic/filing.ts';
import { makeRounds } from '#ops/demo/traffic/rounds.ts';

async function inFolder(use: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-demo-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the ledger is found again by a later run, read by its owner only, and survives a line cut short', () =>
  inFolder((folder) => {
    const path = join(folder, 'demo', 'enrolment.jsonl');
    const client = { clientId: 'c', clientSecret: 's', scope: 'SI' } as const;
    const first = new Ledger(path);
    first.finish('organizations');
    first.addSubscription('EtatCivil SI-1-2', 'id');
    first.addClient('EtatCivil SI-1-2', client);
    first.close();
    assert.equal(statSync(path).mode & 0o777, 0o600);
    writeFileSync(path, '["client","cut', { flag: 'a' });
    const second = new Ledger(path);
    second.addSubscription('after', 'the cut');
    second.close();
    const third = new Ledger(path);
    assert.ok(third.isDone('organizations'));
    assert.equal(third.subscription('EtatCivil SI-1-2'), 'id');
    assert.equal(third.subscription('after'), 'the cut');
    assert.deepEqual(third.client('EtatCivil SI-1-2'), client);
    third.clear();
    third.close();
    const fourth = new Ledger(path);
    assert.equal(fourth.anySubscription(), undefined);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    fourth.close();
  }));

test('the memory of the actors comes back as it was', () =>
  inFolder((folder) => {
    const path = join(folder, 'memory.json');
    assert.equal(readMemory(path).serial, 0);
    const memory = { serial: 7, treatments: [{ key: 'k', caseId: 'c', due: 5, asked: true }], filing: [['c', 'f']] };
    writeMemory(path, memory as Parameters<typeof writeMemory>[1]);
    assert.deepEqual(readMemory(path), memory);
  }));

test('a folder is closed with its last case', () => {
  const filing = new Filing();
  const cases = ['1', '2'].map((id) => ({ id, externalId: id, status: '' }));
  filing.open({ id: 'f', globalStatus: '', cases, attachments: [] });
  const again = new Filing(filing.entries());
  for (const one of [filing, again]) {
    assert.equal(one.close('1'), undefined);
    assert.equal(one.close('1'), undefined);
    assert.equal(one.close('2'), 'f');
    assert.equal(one.close('unknown'), undefined);
  }
});

test('the desk gives what is due, no more than asked, and keeps the rest', () => {
  const treatment = (caseId: string, due: number) => ({ key: 'k', caseId, due, asked: false });
  const desk = new Desk([treatment('late', 1), treatment('later', 2), treatment('future', 9)]);
  assert.deepEqual(
    desk.takeDue(5, 1).map((one) => one.caseId),
    ['late'],
  );
  assert.equal(desk.size, 2);
  assert.deepEqual(
    desk.takeDue(5, 10).map((one) => one.caseId),
    ['later'],
  );
  assert.deepEqual(desk.entries(), [treatment('future', 9)]);
});

test('a crowd keeps to its width, does everything, and stops starting at a failure', async () => {
  let [now, most] = [0, 0];
  const done: number[] = [];
  const work = async (item: number) => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    if (item === 50) throw new Error('fifty');
    done.push(item);
  };
  await crowd(
    Array.from({ length: 20 }, (_, index) => index),
    4,
    work,
  );
  assert.equal(done.length, 20);
  assert.equal(most, 4);
  await assert.rejects(
    crowd(
      Array.from({ length: 100 }, (_, index) => index),
      4,
      work,
    ),
    /fifty/,
  );
  assert.ok(done.length < 20 + 60 && now === 0);
});

test('rounds read every mailbox, go on after a failure, and read a full one again at once', async () => {
  const stop = new AbortController();
  const reads = new Map<string, number>();
  const errors: unknown[] = [];
  const reader = (name: string, full: number) => ({
    poll: async () => {
      const count = (reads.get(name) ?? 0) + 1;
      reads.set(name, count);
      if (name === 'failing') throw new Error('no');
      if ([...reads.values()].reduce((sum, one) => sum + one, 0) >= 30) stop.abort();
      return count <= full;
    },
  });
  const tiers = [
    { readers: [reader('busy', 2), reader('failing', 0)], everySeconds: 0.001 },
    { readers: [reader('quiet', 0)], everySeconds: 3600 },
  ];
  await makeRounds(tiers, 2, stop.signal, (error) => errors.push(error));
  assert.equal(reads.get('quiet'), 1);
  assert.ok((reads.get('busy') ?? 0) > 2);
  assert.ok(errors.length > 0);
});

test('the SMTP server counts the e-mails and keeps the last few', async () => {
  const mailbox = new Mailbox();
  const url = await mailbox.open();
  const transport = createTransport(url);
  try {
    for (let serial = 1; serial <= 7; serial++) {
      const subject = `Un nouveau dossier à traiter, numéro ${serial} : démarche « État civil » de la commune`;
      await transport.sendMail({
        from: 'hub@relais.test',
        to: 'mairie@exemple.test',
        subject,
        text: 'Bonjour,\r\n\r\nSubject: non',
      });
    }
    assert.equal(mailbox.count, 7);
    assert.equal(mailbox.last.length, 5);
    const { text, ...head } = mailbox.last.at(-1) as Mail;
    assert.equal(text.trim(), 'Bonjour,\r\n\r\nSubject: non');
    assert.deepEqual(head, {
      from: 'hub@relais.test',
      to: ['mairie@exemple.test'],
      subject: 'Un nouveau dossier à traiter, numéro 7 : démarche « État civil » de la commune',
    });
  } finally {
    transport.close();
    await mailbox.close();
  }
});

test('the live line is rewritten in a terminal and printed sparingly elsewhere', () => {
  const [terminal, plain] = [[] as string[], [] as string[]];
  for (const [out, columns] of [
    [terminal, 20],
    [plain, undefined],
  ] as const) {
    const screen = new Screen((text) => out.push(text), columns);
    screen.live('one');
    screen.live('two');
    screen.line('stays');
    screen.live('end', true);
  }
  const narrow: string[] = [];
  new Screen((text) => narrow.push(text), 5).live('too long');
  assert.equal(narrow.join(''), '\r\x1b[2Ktoo ');
  assert.deepEqual(plain, ['one\n', 'stays\n', 'end\n']);
  assert.equal(terminal.join(''), '\r\x1b[2Kone\r\x1b[2Ktwo\r\x1b[2Kstays\ntwo\r\x1b[2Kend\n');
  assert.match(bar('folders', 50, 100, Date.now() - 1000), /^folders +\[#{15}\.{15}\] 50\/100 {2}\d+\/s$/);
});
