import type { Id } from '../domain/ids.ts';

/** Letters to agents: nothing of any case is in them but how many there are (contract §10). */

/** An agent was invited by an organisation. */
interface WelcomeMail {
  to: string;
  employer: string;
  /** secret of the way to a first passkey, sealed */
  link?: string;
  /** the agent has a passkey already, good there too */
  key?: true;
}

/** Cases wait for an agent. */
interface WaitingMail {
  to: string;
  /** absent in jobs that were written before links had an owner */
  agent?: Id;
  digest: boolean;
  waiting: readonly { name: string; cases: number }[];
}

/** What is written to agents. */
export type AgentMail = WelcomeMail | WaitingMail;

/** An e-mail's text, under its greeting. */
export interface Letter {
  subject: string;
  lines: string[];
  /** where who gets it has no more of it; absent: it is sent once */
  leave?: Leave;
}

/** How who gets an e-mail stops those that come again. */
export interface Leave {
  /** the page of all wishes, behind the sign-in */
  page: string;
  /** stops all of them by a POST, without a session; absent: whose e-mail it is was not written down */
  oneClick?: string;
}

/** Where agents work; '' when it is not known. And how the secret of a link is read, and one made that stops an agent's e-mails. */
export interface PortalOfMails {
  url: string;
  open(sealed: string): string;
  leave(agent: Id): string;
}

export function agentLetter(mail: AgentMail, portal: PortalOfMails): Letter {
  if (!('employer' in mail)) return waiting(mail, portal);
  return mail.link === undefined ? welcome(mail, portal.url) : enrolment(mail, portal.url, portal.open(mail.link));
}

const NO_ANSWER = 'Ce message est automatique et n’attend pas de réponse.';

const welcome = ({ employer, key }: WelcomeMail, portalUrl: string): Letter => ({
  subject: 'Relais : un accès vous est ouvert',
  lines: [
    `${employer || 'Votre organisation'} vous a ouvert un accès à Relais, où arrivent les dossiers des démarches en ligne.`,
    key
      ? 'Connectez-vous avec votre clé d’accès, celle que vous avez déjà :'
      : 'Connectez-vous par ProConnect, avec le compte professionnel dont cette adresse est celle :',
    ...(portalUrl === '' ? [] : ['', portalUrl, '']),
    'Vous n’avez pas de mot de passe à créer. Si vous n’attendiez pas ce message, ne faites rien.',
    '',
    NO_ANSWER,
  ],
});

/** Path of the portal's page that an invitation leads to. */
export const ENROLMENT_PATH = '/connexion/invitation/';

const enrolment = ({ employer }: WelcomeMail, portalUrl: string, secret: string): Letter => ({
  subject: 'Relais : créez votre clé d’accès',
  lines: [
    `${employer || 'Votre organisation'} vous ouvre un accès à Relais, où arrivent les dossiers des démarches en ligne.`,
    'Votre organisation n’utilise pas ProConnect : vous entrerez avec une clé d’accès, créée sur votre ordinateur ou votre',
    'téléphone et protégée par son code, votre empreinte ou votre visage. Pour la créer, ouvrez cette adresse :',
    '',
    `${portalUrl}${ENROLMENT_PATH}${secret}`,
    '',
    'Elle ne sert qu’une fois, pendant sept jours, et n’est que pour vous : ne transférez pas ce message.',
    'Passé ce délai, ou si vous perdez votre clé, demandez une nouvelle invitation à votre administrateur local.',
    'Si vous n’attendiez pas ce message, ne faites rien.',
    '',
    NO_ANSWER,
  ],
});

/** Path of the portal's page that stops e-mails. */
export const LEAVE_PATH = '/courriels/arreter/';

const counted = (cases: number): string => `${cases} dossier${cases < 2 ? '' : 's'}`;

function waiting({ agent, digest, waiting: lines }: WaitingMail, portal: PortalOfMails): Letter {
  const { url: portalUrl } = portal;
  const total = lines.reduce((sum, { cases }) => sum + cases, 0);
  const wait = total < 2 ? 'vous attend' : 'vous attendent';
  const page = `${portalUrl}/compte/notifications`;
  const oneClick =
    portalUrl !== '' && agent !== undefined ? `${portalUrl}${LEAVE_PATH}${portal.leave(agent)}` : undefined;
  return {
    subject: digest
      ? `Relais : ${counted(total)} ${wait}`
      : `Relais : ${counted(total)} ${total < 2 ? 'arrive' : 'arrivent'}`,
    lines: [
      digest ? `Ce matin, ${counted(total)} ${wait} dans Relais :` : `Depuis le dernier message, dans Relais :`,
      '',
      ...lines.map(({ name, cases }) => `- ${name} : ${counted(cases)}`),
      ...(portalUrl === '' ? [] : ['', `${portalUrl}/dossiers`]),
      '',
      'Ce message ne contient aucune donnée des usagers. Pour en recevoir moins, ou plus du tout :',
      portalUrl === '' ? 'la page « Notifications » de votre compte.' : page,
      ...(oneClick === undefined ? [] : ['Pour ne plus en recevoir aucun, sans vous connecter :', oneClick]),
    ],
    ...(portalUrl !== '' && { leave: { page, ...(oneClick !== undefined && { oneClick }) } }),
  };
}
