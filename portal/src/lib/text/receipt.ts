/** The receipt of a citizen's request (CRPA, article R. 112-11-1), sent with the acknowledgement. */
import { catalogue } from './typography.ts';

export const receiptText = catalogue({
  heading: 'ACCUSÉ DE RÉCEPTION',
  received: (process: string, number: string, day: string) =>
    `Votre demande « ${process} » (dossier n° ${number}) a été reçue le ${day}.`,
  service: (who: string) => `Service chargé du dossier : ${who}.`,
  email: (address: string) => `Adresse électronique : ${address}`,
  phone: (number: string) => `Téléphone : ${number}`,
  see: 'Voir l’accusé de réception qui sera envoyé',
  partial: (missing: string) =>
    `La fiche de votre organisation n’indique pas ${missing}, que la loi demande dans un accusé de réception. Demandez à votre administrateur local de compléter cette fiche.`,
  missing: { email: 'd’adresse électronique', phone: 'de numéro de téléphone' },
  and: ' ni ',
});
