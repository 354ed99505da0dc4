/** Choosing several cases of a list: apart from what comes then, so that the list does not carry it. */
import { catalogue, counted } from './typography.ts';

export const barText = catalogue({
  bar: 'Traiter plusieurs dossiers',
  select: (number: string) => `Sélectionner le dossier ${number}`,
  selectPage: 'Sélectionner toute la page',
  tickPage: 'Cocher toute la page',
  untickPage: 'Tout décocher',
  column: 'Sélection',
  chosen: (count: number) => `${counted(count, 'sélectionné', 'sélectionnés')} :`,
  fewer: 'Les actions que tous les dossiers cochés ne permettent pas ne sont pas proposées.',
  choose: 'Avec les dossiers cochés :',
  whole: (total: string, exact: boolean) =>
    exact ? `Sélectionner les ${total} du filtre` : `Sélectionner tous les dossiers du filtre (${total})`,
  chosenWhole: (total: string) => `Tout le filtre, ${total} :`,
  said: (count: number) =>
    count === 0
      ? 'Plus aucun dossier sélectionné.'
      : `${counted(count, 'dossier sélectionné', 'dossiers sélectionnés')}. Les actions possibles sont sous la liste.`,
  act: {
    accuser: 'Accuser réception',
    traiter: 'Marquer comme traités',
    refuser: 'Refuser',
    attribuer: 'Attribuer',
  },
});
