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
    `La fiche de votre organisation n’indique pas ${missing} : la loi veut qu’un accusé de réception les porte. Demandez à votre administrateur local de les faire compléter.`,
  missing: { email: 'd’adresse électronique', phone: 'de numéro de téléphone' },
  and: ' ni ',
});
