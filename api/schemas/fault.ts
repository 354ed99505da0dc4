import { Type } from 'typebox';

/** Contract §4: the body of every answer that is an error, outside the token endpoint. */
export const Fault = Type.Object(
  { errors: Type.Array(Type.Object({ code: Type.Integer(), message: Type.String() }), { minItems: 1 }) },
  { title: 'Error', description: 'Erreur' },
);
