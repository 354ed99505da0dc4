import { Type } from 'typebox';
import { dateTime, dateTimeOrNull, oneOf, optional, text, textOrNull, uuid } from '#api/schemas/fields.ts';
import { FilterQuery } from '#api/schemas/lists.ts';
import { compile } from '#api/schemas/validate.ts';
import { EXPORT_STATES } from './store.ts';
import { FORMATS } from './writer.ts';

/** Longest filter kept, characters: that of a list, with some démarches. */
export const FILTER_LENGTH = 2_000;

export const ExportQuery = FilterQuery;

export const NewExport = Type.Object(
  { format: optional({ ...oneOf(FORMATS), default: 'ods', description: 'classeur OpenDocument, ou CSV' }) },
  { title: 'NewExport', description: 'Fichier demandé ; la liste est celle des filtres de l’adresse' },
);

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const Export = Type.Object(
  {
    id: uuid(),
    format: oneOf(FORMATS),
    state: { ...oneOf(EXPORT_STATES), description: 'waiting, running : à redemander ; failed : à recommencer' },
    filter: { ...text(FILTER_LENGTH), description: 'filtres de la liste, comme dans son adresse' },
    asked: dateTime(),
    expires: { ...dateTime(), description: 'il est effacé à ce moment' },
    by: { ...textOrNull(511), description: 'l’agent qui l’a demandé ; null : un logiciel' },
    rows: count('dossiers écrits jusqu’ici'),
    bytes: count('taille du fichier ; 0 tant qu’il n’est pas fait'),
    asOf: { ...dateTimeOrNull(), description: 'il dit ce qu’il en était à ce moment' },
    late: Type.Boolean({ description: 'true : l’index n’avait pas tout à ce moment' }),
  },
  { title: 'Export', description: 'Une liste en fichier' },
);

export const ExportList = Type.Object({ items: Type.Array(Export) }, { title: 'ExportList' });

compile(NewExport);
