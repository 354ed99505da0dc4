import type { Generator } from './payload.ts';
import { pdfPiece, xmlPiece } from './payload.ts';
import { makePdf } from './pdf.ts';
import { address, addressLine, addressXml, day, person, personLines, personXml, placeName } from './person.ts';
import { document, element, fields } from './xml.ts';

const acts = ['naissance', 'mariage', 'décès'] as const;
const copies = ['copie intégrale', 'extrait avec filiation', 'extrait sans filiation'] as const;
const reasons = ['Carte d’identité', 'Passeport', 'Pacs', 'Mariage', 'Succession', 'Retraite'] as const;

/** A copy of a civil record asked from the commune that keeps it. */
export const civilRecord: Generator = ({ random, on, recipients, externalId }) => {
  const keeper = recipients[0];
  if (!keeper) throw new Error('a civil record needs a recipient');
  const asker = person(random, on, 18, 90, placeName(keeper));
  const concerned = random.chance(0.7) ? asker : person(random, on, 20, 100, placeName(keeper));
  const act = random.pick(acts);
  const copy = random.pick(copies);
  const reason = random.pick(reasons);
  const home = address(random, keeper);
  const request = element('DemandeActe', [
    ...fields({
      NumeroDemande: externalId,
      DateDemande: day(on),
      TypeActe: act,
      TypeCopie: copy,
      Exemplaires: random.between(1, 3),
    }),
    ...fields({ CommuneActe: placeName(keeper), CodeInsee: keeper.code, Motif: reason }),
    personXml('Titulaire', concerned),
    personXml('Demandeur', asker),
    addressXml('AdresseEnvoi', home),
  ]);
  const lines = [
    `Demande n° ${externalId} du ${day(on)}`,
    `Acte de ${act}, ${copy}. Motif : ${reason}`,
    'Titulaire de l’acte',
    ...personLines(concerned),
    'Demandeur',
    ...personLines(asker),
    addressLine(home),
  ];
  const pdf = makePdf([{ title: `Demande d’acte de ${act}`, lines }]);
  return {
    applicant: { firstName: asker.firstName, lastName: asker.lastName },
    pieces: [
      pdfPiece('ActeEtatCivil-PDF', `demande-acte-${externalId.slice(-13)}.pdf`, pdf),
      xmlPiece('ActeEtatCivil-XML', `demande-acte-${externalId.slice(-13)}.xml`, document(request)),
    ],
  };
};

/** The citizen's census at sixteen: form as XML and PDF, identity paper, family record book at times. */
export const citizenCensus: Generator = ({ random, on, recipients, externalId }) => {
  const town = recipients[0];
  if (!town) throw new Error('a census needs a recipient');
  const young = person(random, on, 16, 16);
  const home = address(random, town);
  const form = element('RecensementCitoyen', [
    ...fields({ NumeroDemande: externalId, DateDemande: day(on), CodeInsee: town.code, Formulaire: '10870' }),
    personXml('Recense', young),
    personXml('Parent1', person(random, on, 36, 62)),
    addressXml('Domicile', home),
  ]);
  const lines = [`Demande n° ${externalId}`, ...personLines(young), addressLine(home)];
  const scan = (title: string) =>
    makePdf([{ title, lines: personLines(young), strokes: [{ rectangle: [56, 600, 300, 90] }] }]);
  return {
    applicant: { firstName: young.firstName, lastName: young.lastName },
    pieces: [
      xmlPiece('10870-XML', '10870.xml', document(form)),
      pdfPiece('10870-PDF', '10870.pdf', makePdf([{ title: 'Recensement citoyen', lines }])),
      pdfPiece('ji', 'pièce d’identité.pdf', scan('Pièce d’identité')),
      ...(random.chance(0.6) ? [pdfPiece('jf', 'livret de famille.pdf', scan('Livret de famille'))] : []),
    ],
  };
};
