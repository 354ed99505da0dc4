/** How people sign in where no identity provider knows them (decision 026). */

/** A credential of WebAuthn, as its authenticator made it for one agent. */
export interface Passkey {
  /** credential id, base64url */
  id: string;
  /** COSE public key, base64url */
  key: string;
  /** signatures its authenticator counted; 0: it counts none */
  counter: number;
  /** what its owner calls it */
  name: string;
  /** how a browser reaches it: `internal`, `hybrid`, `usb`… */
  transports: readonly string[];
  /** kept by several devices of its owner (backup state of WebAuthn) */
  synced: boolean;
  /** ms */
  created: number;
  /** ms; null: never since it was made */
  used: number | null;
}

/** An invitation to make a passkey: what its e-mail's link is recognised by, and until when, ms. */
export interface Enrolment {
  /** SHA-256 of the link's secret, base64url */
  hash: string;
  until: number;
}

/** Passkeys of one agent: a computer, a telephone, a key in a drawer, and those of before. */
export const MAX_PASSKEYS = 10;
/** An invitation is good for so long, ms: over a week-end and a day off. */
export const ENROLMENT_MS = 7 * 86_400_000;
/** Between two invitations of one agent, ms: whoever clicks twice sends one e-mail. */
export const ENROLMENT_PAUSE_MS = 60_000;
