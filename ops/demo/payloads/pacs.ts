import type { Generator } from './payload.ts';
import { pdfPiece, xmlPiece } from './payload.ts';
import { makePdf } from './pdf.ts';
import { address, addressLine, addressXml, day, person, personLines, personXml } from './person.ts';
import { document, element, fields } from './xml.ts';

/** A Pacs file: the form, both birth certificates, the convention, a summary, and its data. */
export const pacs: Generator = ({ random, on, recipients, externalId }) => {
  const town = recipients[0];
  if (!town) throw new Error('a Pacs needs a recipient');
  const [one, other] = [person(random, on, 20, 60), person(random, on, 20, 60)];
  const home = address(random, town);
  const regime = random.pick(['separation', 'indivision']);
  const flow = element('DossierPacs', [
    ...fields({ NumeroDossier: externalId, DateDepot: day(on), CodeInsee: town.code, RegimeBiens: regime }),
    personXml('Partenaire1', one),
    personXml('Partenaire2', other),
    addressXml('ResidenceCommune', home),
  ]);
  const both = [...personLines(one), ...personLines(other), addressLine(home)];
  const birth = (who: typeof one) => makePdf([{ title: 'Acte de naissance', lines: personLines(who) }]);
  const convention = [
    ...both,
    `Régime des biens : ${regime}`,
    'Les partenaires s’engagent à une vie commune de démonstration.',
  ];
  return {
    applicant: { firstName: one.firstName, lastName: one.lastName },
    pieces: [
      pdfPiece('15725-02', '15725-02.pdf', makePdf([{ title: 'Déclaration conjointe de Pacs', lines: both }])),
      pdfPiece('an', 'acte-naissance-1.pdf', birth(one)),
      pdfPiece('anp', 'acte-naissance-2.pdf', birth(other)),
      pdfPiece('cp', 'convention.pdf', makePdf([{ title: 'Convention de Pacs', lines: convention }])),
      pdfPiece('recapPDF', 'récapitulatif.pdf', makePdf([{ title: `Dossier ${externalId}`, lines: both }])),
      xmlPiece('flux-pacs', 'flux-pacs.xml', document(flow)),
    ],
  };
};
