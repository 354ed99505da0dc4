import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bundle, unbundled } from '#engine/domain/bundle.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { derive, KIND, newId } from '#engine/domain/ids.ts';

type Delivery = CommandOf<'case.deliver'>;

const FOLDER = newId(KIND.folder, 3, Date.UTC(2026, 3, 15));
const HOME = 7;
const PURGE = { status: 'CLOSED', fileDays: 2, archiveDays: 4, deleteDays: 6 } as const;
const APPLICANT = { firstName: 'Camille', lastName: 'Exemple', email: null };
const TERMS = { ms: 1000, fallback: null, owner: 'owner@demarche.test' };

const file = (index: number) => ({
  fileName: `acte ${index}.pdf`,
  type: 'acte',
  size: 1,
  mimeType: 'application/pdf',
  status: 'RECEIVED' as const,
  sha256: null,
  blob: `b${index}`,
  index,
});

function delivery(
  index: number,
  files: number[],
  own: Partial<Delivery> = {},
  attributes: string | null = null,
): Delivery {
  return {
    kind: 'case.deliver',
    case: derive(FOLDER, KIND.case, HOME, index),
    content: {
      recipient: `SI-2177000100${1000 + index}-77372`,
      sender: 'OSL-13000000000016-00000',
      process: 'EtatCivil',
      externalId: `EC-${index}`,
      applicant: APPLICANT,
      partnerAttributes: attributes,
      attachments: files.map(file),
    },
    show: true,
    staged: false,
    opened: false,
    mail: null,
    purge: PURGE,
    ...own,
  };
}

/** As it comes out of a mailbox. */
const sent = (deliveries: Delivery[]): Delivery[] => {
  const command = JSON.parse(JSON.stringify(bundle(FOLDER, HOME, deliveries)));
  return command.kind === 'case.deliver' ? [command] : unbundled(command);
};

describe('a bundle', () => {
  it('gives back the deliveries it was made of, whatever each has of its own', () => {
    const all = [
      delivery(4, [0, 2]),
      delivery(9, [2], { opened: true, mail: 'mairie@commune.test' }, 'dossier 9'),
      delivery(10, []),
      delivery(4999, [0, 1, 2]),
    ];
    assert.deepEqual(sent(all), all);
    const staged = all.map((one) => ({ ...one, show: false, staged: true, purge: null }));
    assert.deepEqual(sent(staged), staged);
    const held = all.map((one, door) => ({ ...one, hold: { terms: TERMS, door } }));
    assert.deepEqual(sent(held), held);
    assert.deepEqual(sent(all.slice(0, 1)), all.slice(0, 1));
  });

  it('holds one copy of what its cases share', () => {
    const all = Array.from({ length: 63 }, (_, index) => delivery(index, [0, 1]));
    const text = JSON.stringify(bundle(FOLDER, HOME, all));
    for (const shared of ['Camille', 'acte 1.pdf', 'archiveDays']) assert.equal(text.split(shared).length, 2, shared);
    assert.ok(text.length < 63 * 100 + 700, `${text.length} characters`);
  });
});
