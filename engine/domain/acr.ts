/** Levels of a sign-in that let an agent in, lowest first: ProConnect's. Below (`eidas0…`) an organisation is only said. */
export const ACR_LEVELS = ['eidas1', 'eidas1-mfa', 'eidas2', 'eidas3'] as const;
export type Acr = (typeof ACR_LEVELS)[number];
