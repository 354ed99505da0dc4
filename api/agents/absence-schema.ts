import { Type } from 'typebox';
import { uuid } from '#api/schemas/fields.ts';
import { compile } from '#api/schemas/validate.ts';

const DAY = '^\\d{4}-\\d{2}-\\d{2}$';
const day = (description: string) => Type.String({ maxLength: 10, pattern: DAY, description });

const stretch = {
  from: day('premier jour, à Paris'),
  to: day('dernier jour, compris'),
  substituteId: { ...uuid(), description: 'qui a ses dossiers pendant ce temps' },
};

export const NewAbsence = Type.Object(stretch, { title: 'NewAbsence', description: 'Absence d’un agent' });

export const OwnAbsence = Type.Object(
  { ...stretch, byId: { ...uuid(), description: 'qui l’a dit' } },
  { title: 'AgentAbsence', description: 'Absence d’un agent, en cours ou à venir' },
);

compile(NewAbsence);
