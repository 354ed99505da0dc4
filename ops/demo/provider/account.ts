/** Somebody the local provider knows. All are invented. */
export interface Account {
  /** OIDC `sub` */
  id: string;
  email: string;
  givenName: string;
  familyName: string;
  /** null: the provider knows no organisation */
  siret: string | null;
  isEmailVerified: boolean;
  /** whether a second factor can be shown */
  hasSecondFactor: boolean;
  /** said on the sign-in page: who this is, and what to see with it */
  about: string;
}
