import { deepEqual, equal, ok } from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { flowOf } from '#lib/server/flow/read.ts';
import { labelOf } from '#lib/server/flow/sections.ts';
import { parseXml, Unreadable } from '#lib/server/flow/xml.ts';
import { demarches } from '#ops/demo/france/demarches.ts';
import { buildFrance } from '#ops/demo/france/recipients.ts';
import { generatorOf } from '#ops/demo/payloads/generators.ts';
import { Random } from '#ops/demo/random.ts';

const xml = (text: string) => flowOf('f.xml', 'application/xml', Buffer.from(text));
const json = (text: string) => flowOf('f.json', 'application/json', Buffer.from(text));

describe('a business flow', () => {
  it('becomes sections of French labels', () => {
    const { sections, problem } = xml(
      '<?xml version="1.0"?><d:DemandeActe xmlns:d="urn:x"><d:TypeActe>mariage</d:TypeActe><Titulaire><Nom>L&#233;a &amp; C</Nom>' +
        '<DateNaissance>1999-01-01</DateNaissance><Sexe>F</Sexe></Titulaire><Organisme siret="1">X</Organisme><Vide/></d:DemandeActe>',
    );
    equal(problem, null);
    deepEqual(sections, [
      {
        title: 'Demande d’acte',
        facts: [
          { label: 'Type d’acte', value: 'mariage' },
          { label: 'Organisme', value: 'X (SIRET 1)' },
        ],
      },
      {
        title: 'Titulaire de l’acte',
        facts: [
          { label: 'Nom', value: 'Léa & C' },
          { label: 'Date de naissance', value: '1er\u00a0janvier\u00a01999' },
          { label: 'Sexe', value: 'Féminin' },
        ],
      },
    ]);
  });

  it('may be JSON, with lists', () => {
    deepEqual(json('{"nom":"X","enfants":[{"prenom":"A"},{"prenom":"B"}]}').sections, [
      { title: '', facts: [{ label: 'Nom', value: 'X' }] },
      { title: 'Enfants', facts: [{ label: 'Prénom', value: 'A' }] },
      { title: 'Enfants', facts: [{ label: 'Prénom', value: 'B' }] },
    ]);
  });

  it('may be Latin-1 when it says so', () => {
    const bytes = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a><Nom>Zoé</Nom></a>', 'latin1');
    equal(flowOf('f', 'application/xml', bytes).sections[0]?.facts[0]?.value, 'Zoé');
  });

  const hostile: [what: string, text: string][] = [
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['an unknown entity', '<a>&eacute;</a>'],
    ['a truncated file', '<a><b>c</b'],
    ['crossed tags', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['no XML', 'bonjour'],
    ['nothing', ''],
    ['a thousand levels', '<a>'.repeat(1000) + '</a>'.repeat(1000)],
    ['too many elements', `<a>${'<b/>'.repeat(5000)}</a>`],
    ['a character that is none', '<a>&#x110000;</a>'],
  ];
  for (const [what, text] of hostile) it(`is not read with ${what}`, () => equal(xml(text).problem, 'unreadable'));
  it('is not read when its JSON is wrong, or deep', () => {
    equal(json('{').problem, 'unreadable');
    equal(json('['.repeat(100) + ']'.repeat(100)).problem, 'unreadable');
  });

  it('is read, or not, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const one of [text, `<a>${text}</a>`, `<a b="${text}"/>`]) {
          try {
            parseXml(one);
          } catch (error) {
            ok(error instanceof Unreadable, String(error));
          }
        }
      }),
    );
  });

  it('takes a time that grows with its size only', () => {
    const start = performance.now();
    for (const text of ['<a '.repeat(200_000), '<a b="'.repeat(100_000), '<'.repeat(500_000), '<a>&'.repeat(100_000)])
      xml(text);
    ok(performance.now() - start < 2_000);
  });

  it('of each démarche of the demo is read', () => {
    const recipients = buildFrance().communes.slice(0, 2);
    for (const demarche of demarches) {
      const random = new Random(demarche.code);
      const { pieces } = generatorOf(demarche)({ random, on: new Date(), demarche, recipients, externalId: 'X-1' });
      for (const { mimeType, fileName, bytes } of pieces.filter((one) => /xml|json/.test(one.mimeType))) {
        const { problem, sections } = flowOf(fileName, mimeType, bytes);
        ok(problem === null || problem === 'truncated', `${demarche.code} ${fileName}: ${problem}`);
        ok(sections.length > 0);
      }
    }
  });
});

it('a name without a label is spelt out', () => {
  deepEqual(['nomUsage', 'CODE_POSTAL', 'x', 'numéroINSEE', 'DateDeNaissanceMère'].map(labelOf), [
    'Nom usage',
    'Code postal',
    'X',
    'Numéro INSEE',
    'Date de naissance mère',
  ]);
});
