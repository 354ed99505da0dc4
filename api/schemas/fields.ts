import { type Static, type TSchema, type TUnsafe, Type } from 'typebox';

/**
 * Pieces schemas are made of. A nullable member is `{"type": ["string", "null"]}` rather than a choice of two
 * schemas: one check, one clear fault, and the same document in OpenAPI 3.1.
 */

/** Text of at most `maxLength` characters, maybe none. The character NUL is refused by whoever reads the body. */
export const text = (maxLength: number) => Type.String({ maxLength });

/** Text that is absent, null, or at most `maxLength` characters. */
export const textOrNull = (maxLength: number): TUnsafe<string | null> =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength });

export const matching = (pattern: string, maxLength: number) => Type.String({ maxLength, pattern });

export const matchingOrNull = (pattern: string, maxLength: number): TUnsafe<string | null> =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength, pattern });

/** Longest e-mail address (contract §5), characters. */
export const EMAIL_LENGTH = 320;

/** RFC 5321 lets a quoted local part hold spaces, and the format line breaks too: no address anyone has, only attacks. */
const NO_SPACE = '^[!-~]*$';

export const emailOrNull = (): TUnsafe<string | null> =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: EMAIL_LENGTH, format: 'email', pattern: NO_SPACE });

export const dateTime = () => Type.String({ format: 'date-time' });

export const dateTimeOrNull = (): TUnsafe<string | null> =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' });

export const booleanOrNull = (): TUnsafe<boolean | null> => Type.Unsafe<boolean | null>({ type: ['boolean', 'null'] });

export const uuid = () => Type.String({ format: 'uuid' });

export const uuidOrNull = (): TUnsafe<string | null> =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'uuid' });

/** A list, or null. */
export const listOrNull = <S extends TSchema>(items: S): TUnsafe<Static<S>[] | null> =>
  Type.Unsafe<Static<S>[] | null>({ type: ['array', 'null'], items });

/** One of a list of texts. */
export const oneOf = <T extends string>(values: readonly T[]): TUnsafe<T> =>
  Type.Unsafe<T>({ type: 'string', enum: [...values] });

export const oneOfOrNull = <T extends string>(values: readonly T[]): TUnsafe<T | null> =>
  Type.Unsafe<T | null>({ type: ['string', 'null'], enum: [...values, null] });

/** An object, or null; `schema` is an object schema. Without its title: that names the schema which admits no null. */
export const orNull = <T>(schema: TSchema & { title?: string }): TUnsafe<T | null> => {
  const { title: _, ...rest } = schema;
  return Type.Unsafe<T | null>({ ...rest, type: ['object', 'null'] });
};

export const optional = Type.Optional;
