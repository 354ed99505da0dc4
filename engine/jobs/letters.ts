/** Letters to agents: nothing of any case is in them but how many there are (contract §10). */

/** An agent was invited by an organisation. */
interface WelcomeMail {
  to: string;
  employer: string;
}

/** Cases wait for an agent. */
interface WaitingMail {
  to: string;
  digest: boolean;
  waiting: readonly { name: string; cases: number }[];
}

/** What is written to agents. */
export type AgentMail = WelcomeMail | WaitingMail;

/** An e-mail's text, under its greeting. */
export interface Letter {
  subject: string;
  lines: string[];
}

/** @param portalUrl '' when it is not known */
export const agentLetter = (mail: AgentMail, portalUrl: string): Letter =>
  'employer' in mail ? welcome(mail, portalUrl) : waiting(mail, portalUrl);

const NO_ANSWER = 'Ce message est automatique et n’attend pas de réponse.';

const welcome = ({ employer }: WelcomeMail, portalUrl: string): Letter => ({
  subject: 'Relais : un accès vous est ouvert',
  lines: [
    `${employer || 'Votre organisation'} vous a ouvert un accès à Relais, où arrivent les dossiers des démarches en ligne.`,
    'Connectez-vous par ProConnect, avec le compte professionnel dont cette adresse est celle :',
    ...(portalUrl === '' ? [] : ['', portalUrl, '']),
    'Vous n’avez pas de mot de passe à créer. Si vous n’attendiez pas ce message, ne faites rien.',
    '',
    NO_ANSWER,
  ],
});

const counted = (cases: number): string => `${cases} dossier${cases < 2 ? '' : 's'}`;

function waiting({ digest, waiting: lines }: WaitingMail, portalUrl: string): Letter {
  const total = lines.reduce((sum, { cases }) => sum + cases, 0);
  const wait = total < 2 ? 'vous attend' : 'vous attendent';
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
      portalUrl === '' ? 'la page « Notifications » de votre compte.' : `${portalUrl}/compte/notifications`,
    ],
  };
}
