import type { Random } from '../random.ts';
import type { Generator } from './payload.ts';
import { pdfPiece, xmlPiece } from './payload.ts';
import type { Stroke } from './pdf.ts';
import { makePdf } from './pdf.ts';
import { address, addressLine, addressXml, day, person, personLines, personXml, recentDay } from './person.ts';
import { document, element, fields } from './xml.ts';

/** Plans of one application: the case of a folder with many files. */
export const planCount = 20;

const planTitles = [
  'Plan de situation',
  'Plan de masse',
  'Plan en coupe',
  'Façade nord',
  'Façade sud',
  'Toiture',
  'Insertion',
  'Rez-de-chaussée',
];

/** An application for a building permit with its twenty plans. */
export const buildingPermit: Generator = ({ random, on, recipients, externalId }) => {
  const authority = recipients[0];
  if (!authority) throw new Error('an application needs a recipient');
  const owner = person(random, on, 25, 80);
  const site = address(random, authority);
  const area = random.between(25, 240);
  const parcel = `${random.pick(['AA', 'ZB', 'XC'])} ${random.between(1, 400)}`;
  const form = element('DemandeAutorisationUrbanisme', [
    ...fields({ NumeroDemande: externalId, DateDepot: day(on), Type: 'PCMI', Parcelle: parcel, SurfacePlancher: area }),
    personXml('Petitionnaire', owner),
    addressXml('Terrain', site),
  ]);
  const lines = [...personLines(owner), addressLine(site), `Parcelle ${parcel}`, `Surface de plancher : ${area} m²`];
  const plans = Array.from({ length: planCount }, (_, index) => {
    const title = `${planTitles[index % planTitles.length]} ${index + 1}`;
    const name = `plan-${String(index + 1).padStart(2, '0')}.pdf`;
    return pdfPiece('plan', name, makePdf([{ title, lines: [`Parcelle ${parcel}`], strokes: drawing(random) }]));
  });
  return {
    applicant: { firstName: owner.firstName, lastName: owner.lastName },
    pieces: [
      xmlPiece('demande-XML', 'demande.xml', document(form)),
      pdfPiece('13406-PDF', '13406.pdf', makePdf([{ title: 'Demande de permis de construire', lines }])),
      ...plans,
    ],
  };
};

/** The declaration that a building site has opened. */
export const siteOpening: Generator = ({ random, on, recipients, externalId }) => {
  const town = recipients[0];
  if (!town) throw new Error('a declaration needs a recipient');
  const owner = person(random, on, 25, 80);
  const site = address(random, town);
  const opened = recentDay(random, on, 20);
  const permit = `PC ${town.code} 26 Z${random.digits(4)}`;
  const form = element('DeclarationOuvertureChantier', [
    ...fields({
      NumeroDemande: externalId,
      NumeroPermis: permit,
      DateOuverture: opened,
      Totalite: random.chance(0.8) ? 'oui' : 'non',
    }),
    personXml('Beneficiaire', owner),
    addressXml('Terrain', site),
  ]);
  const lines = [`Permis ${permit}`, ...personLines(owner), addressLine(site), `Chantier ouvert le ${opened}`];
  return {
    applicant: { firstName: owner.firstName, lastName: owner.lastName },
    pieces: [
      xmlPiece('declaration-XML', 'declaration.xml', document(form)),
      pdfPiece('13407-PDF', '13407.pdf', makePdf([{ title: 'Déclaration d’ouverture de chantier', lines }])),
    ],
  };
};

// Rooms as rectangles inside an outline, with some walls: enough to look like a plan.
function drawing(random: Random): Stroke[] {
  const strokes: Stroke[] = [{ rectangle: [80, 120, 430, 480] }];
  for (let room = 0; room < 12; room++) {
    const [x, y] = [random.between(90, 380), random.between(130, 460)];
    strokes.push({ rectangle: [x, y, random.between(30, 120), random.between(30, 120)] });
    strokes.push({ line: [x, y, x + random.between(20, 110), y + random.between(0, 1) * random.between(20, 110)] });
  }
  return strokes;
}
