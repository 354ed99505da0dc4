/** Texts that say something else of each case of a job. */
const long = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'Europe/Paris' });
const NO_BREAK = '\u00a0';
/** What an event's message may hold (contract §5.7), characters. */
const LONGEST = 1000;

export interface Named {
  externalId: string;
  /** when it came to its recipient, ms */
  received: number;
}

/** `1er janvier 2027`: as the portal writes it for one case. */
const dayText = (ms: number): string => long.format(ms).replace(/^1 /, '1er ').replaceAll(' ', NO_BREAK);

/** The text with `{numero}` and `{recu}` as this case has them; nothing else in it is looked at. */
export const letterOf = (text: string, { externalId, received }: Named): string =>
  text
    .replace(/\{(numero|recu)\}/g, (_, name: string) => (name === 'numero' ? externalId : dayText(received)))
    .slice(0, LONGEST);
