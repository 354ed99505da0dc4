import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultsOf } from '#lib/server/organisation/absence.ts';
import { MOST_LINES, readLines, textOf } from '#lib/server/organisation/importing.ts';
import { templateOf } from '#lib/server/organisation/template.ts';
import { filled, joined, LONGEST_TEXT, offered, unknownIn } from '#lib/templates.ts';

describe('a template', () => {
  const values = { numero: 'EC-1', demandeur: 'A {date} B', demarche: 'Acte', date: '1er mai', agent: 'Ada' };

  it('is filled in once: what a case holds is never looked at as a template', () => {
    equal(filled('{numero}, {demandeur}, {date}, {autre}', values), 'EC-1, A {date} B, 1er mai, {autre}');
  });

  it('comes after what was typed, which loses nothing', () => {
    equal(joined('', 'modèle'), 'modèle');
    equal(joined('  \n', 'modèle'), 'modèle');
    equal(joined('  mes mots\n', 'modèle'), '  mes mots\n\nmodèle');
  });

  it('names no word that would stay between braces', () => {
    equal(unknownIn('{numero} et {nom}'), 'nom');
    equal(unknownIn('{numero}, { x'), undefined);
    const typed = { kind: 'refusal', name: 'x', process: '', text: '{nom}' };
    ok(Array.isArray(templateOf(typed, [])));
  });

  it('is as long as what its form sends, and of a démarche that there is', () => {
    const typed = { kind: 'request', name: 'x', process: 'A', text: 'y'.repeat(LONGEST_TEXT.request) };
    deepEqual(templateOf(typed, ['A']), { kind: 'request', name: 'x', processCode: 'A', text: typed.text });
    deepEqual(templateOf(typed, []), { kind: 'request', name: 'x', processCode: null, text: typed.text });
    ok(Array.isArray(templateOf({ ...typed, text: `${typed.text}y` }, [])));
    ok(Array.isArray(templateOf({ ...typed, kind: '' }, [])));
    ok(Array.isArray(templateOf({ ...typed, name: '' }, [])));
  });

  it('is offered where it is for: its form, and its démarche', () => {
    const one = (id: string, kind: 'message' | 'refusal', processCode: string | null) => ({
      ...{ id, kind, name: id, processCode },
    });
    const found = offered([one('b', 'message', null), one('a', 'message', 'X'), one('c', 'refusal', 'Y')], 'X');
    deepEqual(
      found.message.map(({ id }) => id),
      ['a', 'b'],
    );
    deepEqual([found.request, found.refusal], [[], []]);
  });
});

describe('an absence', () => {
  const fields = (from: string, to: string, substitute = 'x') =>
    faultsOf({ from, to, substitute }, '2026-11-26').map(({ field }) => field);

  it('goes from a day to another that is not past, with somebody in one’s place', () => {
    deepEqual(fields('2026-11-26', '2026-11-26'), []);
    deepEqual(fields('2026-11-01', '2026-11-26'), []);
    deepEqual(fields('', ''), ['premier', 'dernier']);
    deepEqual(fields('2026-12-02', '2026-12-01'), ['dernier']);
    deepEqual(fields('2026-11-01', '2026-11-25'), ['dernier']);
    deepEqual(fields('2026-12-01', '2028-01-01'), ['dernier']);
    deepEqual(fields('2026-12-01', '2026-12-02', ''), ['collegue']);
  });
});

describe('invitations from a file', () => {
  const office = { staff: [{ email: 'ici@mairie.fr' }], known: ['EtatCivil', 'CERTDC'], passkeys: false };
  const states = (text: string, more = {}) => {
    const lines = readLines(text, { ...office, ...more });
    return typeof lines === 'string' ? lines : lines.map(({ state }) => state);
  };
  const line = (email: string, rest = ';;;;;agent;toutes') => `${email}${rest}`;
  const HEAD = 'email;prenom;nom;qualite;service;role;demarches';

  it('are read with the separators, accents and names that spreadsheets give', () => {
    const text = 'Démarches,RÔLE,Courriel,Prénom\r\n"etatcivil CERTDC",Administratrice,a@b.fr,"Ana, Lou"\r\n';
    const [found] = readLines(`\ufeff${text}`, office) as Exclude<ReturnType<typeof readLines>, string>;
    deepEqual(found?.rights, { role: 'administrator', processCodes: ['EtatCivil', 'CERTDC'] });
    deepEqual(found?.named, { givenName: 'Ana, Lou' });
    equal(textOf(Buffer.from('Zoé', 'latin1')), 'Zoé');
    equal(textOf(Buffer.from('Zoé')), 'Zoé');
  });

  it('say of each line what becomes of it', () => {
    const lines = [
      line('neuf@mairie.fr'),
      line('NEUF@mairie.fr'),
      line('Ici@mairie.fr'),
      line('pas une adresse'),
      line('a@b.fr', ';;;;;maire;toutes'),
      line('c@b.fr', ';;;;;agent;PERMIS'),
      line('d@b.fr', ';;;;;agent;'),
      line('e@b.fr', `;${'x'.repeat(101)};;;;agent;toutes`),
    ];
    deepEqual(states([HEAD, ...lines].join('\n')), [
      ...['ready', 'twice', 'present', 'wrong', 'wrong', 'wrong', 'wrong', 'wrong'],
    ]);
  });

  it('need names where no provider says them', () => {
    deepEqual(states(`${HEAD}\n${line('a@b.fr')}\n${line('c@d.fr', ';C;D;;;agent;toutes')}`, { passkeys: true }), [
      'wrong',
      'ready',
    ]);
  });

  it('are refused as a whole when they are no table, too many, or none', () => {
    match(String(states('rien\nici')), /email/);
    match(String(states(HEAD)), /aucune ligne/);
    match(String(states('email\n"a')), /CSV lisible/);
    const many = Array.from({ length: MOST_LINES + 1 }, (_, n) => line(`a${n}@b.fr`));
    match(String(states([HEAD, ...many].join('\n'))), /deux cents/);
  });
});
