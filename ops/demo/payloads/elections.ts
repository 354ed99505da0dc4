import type { Generator } from './payload.ts';
import { pdfPiece, xmlPiece } from './payload.ts';
import { makePdf } from './pdf.ts';
import { address, addressLine, addressXml, day, person, personLines, personXml, placeName } from './person.ts';
import { document, element, fields } from './xml.ts';

/** A registration on the electoral roll, with the proofs of identity and of residence. */
export const electoralRegistration: Generator = ({ random, on, recipients, externalId }) => {
  const town = recipients[0];
  if (!town) throw new Error('a registration needs a recipient');
  const voter = person(random, on, 18, 85);
  const home = address(random, town);
  const reason = random.pick(['premiere-inscription', 'changement-de-commune', 'changement-d-adresse']);
  const form = element('InscriptionElectorale', [
    ...fields({ NumeroDemande: externalId, DateDemande: day(on), CodeInsee: town.code, Commune: placeName(town) }),
    ...fields({ Liste: 'principale', Motif: reason }),
    personXml('Electeur', voter),
    addressXml('Domicile', home),
  ]);
  const lines = [`Demande n° ${externalId}`, ...personLines(voter), addressLine(home), `Motif : ${reason}`];
  const scan = (title: string) =>
    makePdf([
      { title, lines: [...personLines(voter), addressLine(home)], strokes: [{ rectangle: [56, 560, 320, 120] }] },
    ]);
  return {
    applicant: { firstName: voter.firstName, lastName: voter.lastName },
    pieces: [
      xmlPiece('demande-XML', 'demande.xml', document(form)),
      pdfPiece('12669-PDF', '12669.pdf', makePdf([{ title: 'Inscription sur les listes électorales', lines }])),
      pdfPiece('justificatif-identite', 'justificatif d’identité.pdf', scan('Justificatif d’identité')),
      pdfPiece('justificatif-domicile', 'justificatif de domicile.pdf', scan('Justificatif de domicile')),
    ],
  };
};
