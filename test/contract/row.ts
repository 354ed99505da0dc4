/**
 * A line of the contract as a table, written by hand from its text: what each endpoint takes, who may call it, and what it
 * answers. Checked row by row against the running API; nothing here is taken from the code it judges.
 */

export type Scope = 'OSL' | 'SI' | 'ADMIN' | 'DATAPASS';

export interface Row {
  method: string;
  path: string;
  scopes: readonly Scope[];
  /** status of success */
  ok: number;
  /** shape of its body: a name of `SHAPES`, `[]` for an array; absent: no body (204) or bytes */
  answer?: string;
  /** sentence of the 404 by path parameter that is unknown */
  unknown?: Readonly<Record<string, string>>;
  /** a good body */
  body?: () => unknown;
  /** no body says as much as `{}`, and is not refused (contract §2) */
  bodiless?: true;
  /** names the answer to `{}` lists, in alphabetical order */
  missing?: readonly string[];
  /** dotted names of texts and the most characters they may have */
  lengths?: Readonly<Record<string, number>>;
  /** POST with X-HTTP-Method-Override does the same; 405 without */
  override?: true;
}
