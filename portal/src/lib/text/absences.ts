/** Absences: who is away, until when, and who has the cases. */
import { catalogue } from './typography.ts';

export const absenceText = catalogue({
  tab: 'Absence',
  title: 'Votre absence',
  titleOf: (who: string) => `Absence de ${who}`,
  lead: (organisation: string) =>
    `Pendant une absence, vos dossiers de « ${organisation} » sont ceux d’un collègue : ceux que vous avez, et ceux qui vous seraient attribués. Ils redeviennent les vôtres au retour, sans rien faire.`,
  leadOf: (organisation: string) =>
    `Pendant une absence, ses dossiers de « ${organisation} » sont ceux d’un collègue, ceux attribués entre-temps aussi. Ils redeviennent les siens au retour, sans rien faire.`,
  now: (from: string, to: string, who: string) => `Du ${from} au ${to}, remplacement par ${who}.`,
  oneDay: (day: string, who: string) => `Le ${day}, remplacement par ${who}.`,
  saidBy: (who: string) => `Indiqué par ${who}.`,
  from: 'Premier jour d’absence',
  to: 'Dernier jour d’absence',
  dayHint: 'Compris. Exemple : 24/12/2026',
  substitute: 'Collègue qui remplace',
  choose: 'Choisir un collègue',
  awayToo: (name: string, until: string) => `${name} (absence jusqu’au ${until})`,
  save: 'Enregistrer l’absence',
  end: 'Retirer cette absence',
  saved: 'Absence enregistrée.',
  ended: 'Absence retirée : les dossiers sont de nouveau attribués comme avant.',
  missingFrom: 'Indiquez le premier jour d’absence. Exemple : 24/12/2026',
  missingTo: 'Indiquez le dernier jour d’absence. Exemple : 02/01/2027',
  missingSubstitute: 'Choisissez le collègue qui remplace',
  order: 'Le dernier jour ne peut pas être avant le premier',
  past: 'Cette absence est déjà finie : corrigez le dernier jour',
  tooLong: 'Une absence ne peut pas durer plus d’un an',
  refused: 'Ce collègue ne peut pas faire ce remplacement : choisissez-en un autre',
  alone: 'Personne d’autre ne travaille dans cette organisation : invitez d’abord un collègue.',
  away: (until: string, who: string) => `En absence jusqu’au ${until}, remplacement par ${who}`,
  awayAlone: (until: string) => `En absence jusqu’au ${until}, sans remplacement possible`,
  awayMe: (until: string) => `En absence jusqu’au ${until} : vous remplacez`,
  help: 'Que deviennent les dossiers pendant une absence ?',
  link: 'Indiquer une absence',
});
