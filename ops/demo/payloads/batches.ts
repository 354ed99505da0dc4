import type { Generator, Piece } from './payload.ts';
import { xmlPiece } from './payload.ts';
import { address, addressXml, day, person, personXml } from './person.ts';
import { document, element, fields } from './xml.ts';
import { makeZip } from './zip.ts';

/** People in one file: from a quiet day to a monthly file of a small département. */
const fewest = 5;
const most = 60;

/** A batch of CNAF or MSA for a département: one XML file of each type of the démarche, the second type at times only. */
export const socialBatch: Generator = (occasion) => {
  const types = occasion.demarche.process.attachmentTypesEnabled;
  const kept = types.filter((_, index) => index === 0 || occasion.random.chance(0.5));
  return { applicant: agency(occasion.demarche.code), pieces: kept.map((type) => batchFile(type, occasion)) };
};

/** The same as a ZIP whose name ends in `.xml`, as SGR has it (contract section 12). */
export const zippedBatch: Generator = (occasion) => {
  const type = occasion.demarche.process.attachmentTypesEnabled[0] as string;
  const file = batchFile(type, occasion);
  const bytes = makeZip([{ name: `contenu-${type}.xml`, bytes: file.bytes }]);
  return { applicant: agency(occasion.demarche.code), pieces: [{ ...file, mimeType: 'application/zip', bytes }] };
};

/** Coordinates of people, one a line, separated by semicolons. */
export const contactList: Generator = ({ random, on, demarche, recipients, externalId }) => {
  const where = recipients[0];
  if (!where) throw new Error('a list needs a recipient');
  const rows = Array.from({ length: random.between(fewest, most) }, () => {
    const one = person(random, on, 18, 65);
    const home = address(random, where);
    return [matricule(random.digits(7)), one.lastName, one.firstName, home.street, home.postalCode, home.town].join(
      ';',
    );
  });
  const text = ['MATRICULE;NOM;PRENOM;VOIE;CODE_POSTAL;COMMUNE', ...rows, ''].join('\r\n');
  const fileName = `contacts-${externalId.slice(-13)}.txt`;
  const type = demarche.process.attachmentTypesEnabled[0] as string;
  return {
    applicant: agency(demarche.code),
    pieces: [{ type, fileName, mimeType: 'text/plain', bytes: Buffer.from(text, 'utf8') }],
  };
};

function batchFile(type: string, { random, on, recipients, externalId }: Parameters<Generator>[0]): Piece {
  const where = recipients[0];
  if (!where) throw new Error('a batch needs a recipient');
  const records = Array.from({ length: random.between(fewest, most) }, () =>
    element('Dossier', [
      ...fields({
        Matricule: matricule(random.digits(7)),
        DateEffet: day(on),
        Montant: (random.between(1000, 98000) / 100).toFixed(2),
      }),
      personXml('Allocataire', person(random, on, 18, 65)),
      addressXml('Adresse', address(random, where)),
    ]),
  );
  const head = element(
    'Entete',
    fields({ Flux: type, NumeroFlux: externalId, DateFlux: day(on), Departement: where.code, Nombre: records.length }),
  );
  const text = document(element('Flux', [head, ...records], { type }));
  return xmlPiece(type, `${type}_${where.code}_${day(on).replaceAll('-', '')}_${externalId.slice(-6)}.xml`, text);
}

// Real numbers of people of the CAF are digits; the letter marks these as invented.
function matricule(digits: string): string {
  return `X${digits}`;
}

function agency(code: string) {
  return { firstName: 'Flux', lastName: code };
}
