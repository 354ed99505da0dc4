import { type Static, Type } from 'typebox';
import { optional, orNull, text } from '#api/schemas/fields.ts';
import { compile } from '#api/schemas/validate.ts';

/** Longest name, characters: that of a tab. */
export const NAME_LENGTH = 60;
export const FILTER_LENGTH = 1_000;
/** `etat-civil-k3f9`. Longest slug, characters. */
export const SLUG_LENGTH = 48;

const name = Type.String({ minLength: 1, maxLength: NAME_LENGTH });

export const NewView = Type.Object(
  {
    name,
    filter: {
      ...text(FILTER_LENGTH),
      description: 'filtres et tri, comme dans l’adresse de GET /relais/v1/cases : view=waiting&processCode=CERTDC',
    },
    shared: optional(Type.Boolean({ description: 'true : avec tous les agents de l’organisation choisie' })),
  },
  { title: 'NewView', description: 'Filtres d’une liste, à retrouver sous un nom' },
);

export const ViewChange = Type.Object(
  {
    name: optional(name),
    shared: optional(Type.Boolean()),
    first: optional(Type.Boolean({ description: 'true : la liste de cet agent commence par elle' })),
  },
  { title: 'ViewChange' },
);

const Total = Type.Object({
  count: Type.Integer({ minimum: 0 }),
  exact: Type.Boolean({ description: 'false : il y en a au moins autant' }),
});

export const View = Type.Object(
  {
    slug: text(SLUG_LENGTH),
    name,
    filter: text(FILTER_LENGTH),
    shared: Type.Boolean(),
    by: { ...text(511), description: 'l’agent qui la garde ou la partage' },
    changeable: Type.Boolean({ description: 'true : celui qui demande peut la renommer et la supprimer' }),
    first: Type.Boolean({ description: 'true : la liste de cet agent commence par elle' }),
    total: { ...orNull<Static<typeof Total>>(Total), description: 'null : pas compté, au-delà de la douzième vue' },
  },
  { title: 'SavedView', description: 'Une vue enregistrée ; total : ce que l’agent y trouve à ce moment' },
);

export const ViewList = Type.Object({ items: Type.Array(View) }, { title: 'SavedViews' });

export const ViewsQuery = Type.Object({
  counts: optional(Type.Boolean({ description: 'false : sans `total`' })),
});

compile(NewView);
compile(ViewChange);
