import type { Generator } from './payload.ts';
import { pdfPiece, xmlPiece } from './payload.ts';
import { makePdf } from './pdf.ts';
import { address, addressLine, addressXml, day, person, personLines, personXml, recentDay } from './person.ts';
import { document, element, fields } from './xml.ts';

/** A change of address told at once to operators and communes: the same two files for every case. */
export const changeOfAddress: Generator = ({ random, on, recipients, externalId }) => {
  const communes = recipients.filter((one) => one.kind === 'commune');
  const [entered, left = entered] = communes;
  if (!entered || !left) throw new Error('a change of address needs a commune');
  const mover = person(random, on);
  const [from, to] = [address(random, left), address(random, entered)];
  const since = recentDay(random, on, 60);
  const plate = `AA-${random.digits(3)}-ZZ`;
  const flow = element('ChangementCoordonnees', [
    ...fields({ NumeroDemande: externalId, DateDemande: day(on), DateEffet: since }),
    personXml('Usager', mover),
    addressXml('AncienneAdresse', from),
    addressXml('NouvelleAdresse', to),
    element('Vehicules', [element('Immatriculation', plate)]),
    element(
      'Destinataires',
      recipients.map((one) => element('Organisme', one.name, { siret: one.identity.companyRegister })),
    ),
  ]);
  const lines = [
    ...personLines(mover),
    'Ancienne adresse',
    addressLine(from),
    'Nouvelle adresse',
    addressLine(to),
    `À compter du ${since}`,
  ];
  return {
    applicant: { firstName: mover.firstName, lastName: mover.lastName },
    pieces: [
      pdfPiece(
        'flux-siv',
        `flux-siv-${externalId.slice(-13)}.pdf`,
        makePdf([{ title: 'Changement de coordonnées', lines }]),
      ),
      xmlPiece('flux-siv', `flux-siv-${externalId.slice(-13)}.xml`, document(flow)),
    ],
  };
};
