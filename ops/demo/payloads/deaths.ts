import type { Generator } from './payload.ts';
import { pdfPiece, xmlPiece } from './payload.ts';
import { makePdf } from './pdf.ts';
import { address, addressLine, addressXml, person, personLines, personXml, placeName, recentDay } from './person.ts';
import { document, element, fields } from './xml.ts';

/**
 * CERTDC: the first case, of the commune where the death happened, gets all files; the second, of the commune of the
 * home, only the `VA_` ones (contract section 12).
 */
export const deathCertificate: Generator = ({ random, on, recipients, externalId }) => {
  const [place, home = place] = recipients;
  if (!place || !home) throw new Error('a death certificate needs a recipient');
  const dead = person(random, on, 40, 103);
  const doctor = person(random, on, 30, 65);
  const date = recentDay(random, on, 1);
  const hour = `${String(random.between(0, 23)).padStart(2, '0')}:${String(random.between(0, 59)).padStart(2, '0')}`;
  const lived = address(random, home);
  const obstacle = random.chance(0.04);
  const administrative = element('VoletAdministratif', [
    ...fields({ NumeroCertificat: externalId, CommuneDeces: placeName(place), CodeInseeDeces: place.code }),
    ...fields({ DateDeces: date, HeureDeces: hour, ObstacleMedicoLegal: obstacle ? 'oui' : 'non' }),
    personXml('Defunt', dead),
    addressXml('Domicile', lived),
    personXml('Medecin', doctor),
  ]);
  const lines = [
    `Certificat n° ${externalId}`,
    ...personLines(dead),
    addressLine(lived),
    `Décès survenu le ${date} à ${hour}, ${placeName(place)}`,
    `Obstacle médico-légal : ${obstacle ? 'oui' : 'non'}`,
    `Médecin : Dr ${doctor.firstName} ${doctor.lastName}`,
  ];
  const number = externalId.slice(-13);
  const whole = document(element('CertificatDeces', [administrative], { version: '2' }));
  return {
    applicant: { firstName: dead.firstName, lastName: dead.lastName },
    pieces: [
      {
        ...pdfPiece('DD_Certificatdedeces', `DD_${number}.pdf`, makePdf([{ title: 'Certificat de décès', lines }])),
        cases: [0],
      },
      { ...xmlPiece('DD_Certificatdedeces', `DD_${number}.xml`, whole), cases: [0] },
      pdfPiece(
        'VA_CertificatdeDeces',
        `VA_${number}.pdf`,
        makePdf([{ title: 'Certificat de décès – volet administratif', lines }]),
      ),
      xmlPiece('VA_CertificatdeDeces', `VA_${number}.xml`, document(administrative)),
    ],
  };
};
