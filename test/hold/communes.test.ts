import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { communes, follow, readCommunes } from '#api/competence/communes.ts';
import { readCommunes as readFrance } from '#ops/demo/france/places.ts';

const NOW = '2026-04-15';
const codeOf = (code: string, date = NOW): string => follow(communes, code, date).code;

describe('the table of communes', () => {
  /** As INSEE publishes them: old code, day of the change, commune competent since. */
  const REAL: [name: string, old: string, date: string, now: string][] = [
    ['L’Hôtellerie-de-Flée, in Segré-en-Anjou Bleu', '49158', '2016-12-15', '49331'],
    ['Pierrefitte-sur-Seine, in Saint-Denis', '93059', '2025-01-01', '93066'],
    ['Rocquencourt, in Le Chesnay-Rocquencourt', '78524', '2019-01-01', '78158'],
    ['Saint-Bois, in Arboys en Bugey', '01340', '2016-01-01', '01015'],
    ['Ajaccio, when Corse was divided', '20004', '1976-01-01', '2A004'],
    ['Courcouronnes, in Évry-Courcouronnes', '91182', '2019-01-01', '91228'],
    ['Fourqueux, in Saint-Germain-en-Laye', '78251', '2019-01-01', '78551'],
  ];
  for (const [name, old, date, now] of REAL) {
    it(`${name}: from ${date} on, not the day before`, () => {
      const before = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
      assert.equal(codeOf(old, date), now);
      assert.equal(codeOf(old, before), old);
    });
  }

  it('follows a commune through several changes, each with its day', () => {
    const { code, followed } = follow(communes, '14697', NOW);
    assert.ok(followed.length >= 2, JSON.stringify(followed));
    assert.equal(followed[0]?.from, '14697');
    assert.equal(followed.at(-1)?.to, code);
    assert.deepEqual(
      followed.map(({ date }) => date).toSorted(),
      followed.map(({ date }) => date),
    );
    assert.equal(codeOf(code), code);
  });

  it('knows communes that became independent again', () => {
    assert.equal(codeOf('85165'), '85165');
    assert.notEqual(codeOf('85165', '2023-06-01'), '85165');
  });

  it('leads to a commune of today, from any code and for any of today’s to itself', () => {
    const today = new Set(readFrance().map(({ code }) => code));
    for (const code of today) assert.equal(codeOf(code), code);
    let [followed, lost] = [0, 0];
    for (const code of communes.changes.keys()) {
      const now = codeOf(code);
      followed += 1;
      if (!today.has(now)) lost += 1;
    }
    assert.ok(followed > 3000, `${followed} codes`);
    assert.ok(lost / followed < 0.02, `${lost} of ${followed} lead to no commune with inhabitants`);
  });

  it('names the arrondissements of Paris, Lyon and Marseille', () => {
    const cities = Map.groupBy(communes.arrondissements, ([, city]) => city);
    assert.deepEqual([...cities].map(([city, codes]) => [city, codes.length]).sort(), [
      ['13055', 16],
      ['69123', 9],
      ['75056', 20],
    ]);
  });

  it('is told when it goes round', () => {
    const round = readCommunes('# head\n2020-01-01 01001>01002 01002>01001\n');
    assert.throws(() => follow(round, '01001', NOW), /goes round/);
  });
});
