import type { Generator, Occasion, Piece } from './payload.ts';
import { pdfPiece, xmlPiece } from './payload.ts';
import { makePdf } from './pdf.ts';
import type { Address, Person } from './person.ts';
import { address, addressLine, addressXml, day, person, personLines, personXml, recentDay } from './person.ts';
import { document, element, fields } from './xml.ts';

interface Request {
  who: Person;
  home: Address;
  lines: string[];
}

/** A form of a démarche that has no generator of its own: data, print, and at times one more file. */
export const plainForm: Generator = (occasion) => {
  const { random, demarche, externalId, on } = occasion;
  const { who, home, lines } = request(occasion);
  const [dataType, printType, extraType] = demarche.process.attachmentTypesEnabled as [string, string, string?];
  const data = element('Demande', [
    ...fields({ Demarche: demarche.code, NumeroDemande: externalId, DateDemande: day(on) }),
    personXml('Demandeur', who),
    addressXml('Adresse', home),
  ]);
  const pieces = [
    xmlPiece(dataType, 'formulaire.xml', document(data)),
    pdfPiece(printType, 'formulaire.pdf', makePdf([{ title: demarche.process.name, lines }])),
  ];
  if (extraType && random.chance(0.4)) {
    pieces.push(pdfPiece(extraType, 'pièce jointe.pdf', makePdf([{ title: 'Pièce jointe', lines: personLines(who) }])));
  }
  return { applicant: { firstName: who.firstName, lastName: who.lastName }, pieces };
};

/** OTV, « opération tranquillité vacances »: two JSON files (contract section 12). */
export const holidayWatch: Generator = (occasion) => {
  const { random, on, externalId } = occasion;
  const { who, home } = request(occasion);
  const from = recentDay(random, on, 5);
  const until = day(new Date(on.getTime() + random.between(5, 30) * 86_400_000));
  const watch = {
    numero: externalId,
    debut: from,
    fin: until,
    adresse: home,
    alarme: random.chance(0.3),
    animaux: random.chance(0.1),
  };
  return {
    applicant: { firstName: who.firstName, lastName: who.lastName },
    pieces: [jsonPiece('Metier', 'metier.json', watch), jsonPiece('ActeEtatCivil-XML', 'demandeur.json', who)],
  };
};

/** FormulaireQF: the same data as JSON, XML and PDF (contract 16.14). */
export const familyQuotient: Generator = (occasion) => {
  const { random, on, externalId } = occasion;
  const { who, home, lines } = request(occasion);
  const quotient = random.between(120, 2400);
  const data = {
    numero: externalId,
    quotientFamilial: quotient,
    annee: on.getUTCFullYear(),
    mois: on.getUTCMonth() + 1,
  };
  const text = element('FormulaireQF', [...fields(data), personXml('Allocataire', who), addressXml('Adresse', home)]);
  const print = makePdf([{ title: 'Quotient familial', lines: [...lines, `Quotient familial : ${quotient}`] }]);
  return {
    applicant: { firstName: who.firstName, lastName: who.lastName },
    pieces: [
      jsonPiece('FormulaireQF', 'FormulaireQF.json', { ...data, allocataire: who, adresse: home }),
      xmlPiece('FormulaireQF', 'FormulaireQF.xml', document(text)),
      pdfPiece('FormulaireQF', 'FormulaireQF.pdf', print),
    ],
  };
};

function request({ random, on, recipients, externalId }: Occasion): Request {
  const where = recipients[0];
  if (!where) throw new Error('a form needs a recipient');
  const who = person(random, on);
  const home = address(random, where);
  return { who, home, lines: [`Demande n° ${externalId} du ${day(on)}`, ...personLines(who), addressLine(home)] };
}

function jsonPiece(type: string, fileName: string, content: unknown): Piece {
  return { type, fileName, mimeType: 'application/json', bytes: Buffer.from(JSON.stringify(content, null, 2)) };
}
