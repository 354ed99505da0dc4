import { createTransport } from 'nodemailer';
import type { PauseReason } from '../domain/records/webhook.ts';
import { type AgentMail, agentLetter, type Leave, type Letter, type PortalOfMails } from './letters.ts';

/** A case waits: nothing about the person concerned (contract §10). */
interface CaseMail {
  to: string;
  process: string;
  case: string;
}

/** Cases are held for this organisation: whoever owns the démarche should have it invited. */
interface InvitationMail {
  to: string;
  process: string;
  organization: string;
}

/** A webhook was paused by the hub; `webhook` is the host it calls, nothing else of its address. */
interface PauseMail {
  to: string;
  webhook: string;
  reason: PauseReason;
}

/** What a mail job holds. */
export type MailBody = CaseMail | InvitationMail | PauseMail | AgentMail;

/** Sends one e-mail; throws when the server does not take it, and is called again later. */
export type Mailer = (mail: MailBody) => Promise<void>;

const SEND_DEADLINE_MS = 10_000;
const CONNECTIONS = 2;

const NO_PORTAL: PortalOfMails = {
  url: '',
  open: () => {
    throw new Error('a link to a portal that has no address');
  },
  leave: () => {
    throw new Error('a link to a portal that has no address');
  },
};

/**
 * What mail programs offer to stop it by: one click where it can be one (RFC 8058, which wants HTTPS), else the page behind the
 * sign-in (RFC 2369). Who was forwarded a message may stop the e-mails of whom it was for: the page says how to have them again.
 */
function listHeaders({ page, oneClick }: Leave): Record<string, string> {
  if (!oneClick?.startsWith('https:')) return { 'List-Unsubscribe': `<${page}>` };
  return { 'List-Unsubscribe': `<${oneClick}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** @param from address of the sender @param portal where agents work */
export function openMailer(smtpUrl: string, from: string, portal = NO_PORTAL): { send: Mailer; close(): void } {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: SEND_DEADLINE_MS,
    greetingTimeout: SEND_DEADLINE_MS,
    socketTimeout: SEND_DEADLINE_MS,
  });
  return {
    async send(mail) {
      const { subject, lines, leave } = letterOf(mail, portal);
      const text = ['Bonjour,', '', ...lines].join('\n');
      const headers = leave === undefined ? {} : listHeaders(leave);
      await transport.sendMail({ from, to: mail.to, subject, text, headers });
    },
    close: () => transport.close(),
  };
}

function letterOf(mail: MailBody, portal: PortalOfMails): Letter {
  if ('employer' in mail || 'waiting' in mail) return agentLetter(mail, portal);
  if ('webhook' in mail) return pauseLetter(mail);
  return 'case' in mail ? caseLetter(mail) : invitation(mail);
}

const AUTOMATIC = 'Ce message est automatique : il ne contient aucune donnée de l’usager et n’attend pas de réponse.';

const caseLetter = ({ process, case: case_ }: CaseMail): Letter => ({
  subject: `Relais : un dossier vous attend (${process})`,
  lines: [`Un dossier de la démarche « ${process} » vous attend dans Relais.`, `Numéro : ${case_}`, '', AUTOMATIC],
});

const invitation = ({ process, organization }: InvitationMail): Letter => ({
  subject: `Relais : une organisation à inviter (${process})`,
  lines: [
    `Des dossiers de la démarche « ${process} » sont gardés : leur destinataire n’y a pas d’abonnement actif.`,
    `Organisation : ${organization}`,
    'Invitez-la à s’abonner : les dossiers lui seront remis dans l’ordre dès que son abonnement sera actif.',
    '',
    AUTOMATIC,
  ],
});

const REASONS: Readonly<Record<PauseReason, string>> = {
  asked: 'vous l’avez demandé',
  failing: 'les appels échouent depuis trois jours',
  gone: 'le destinataire a répondu 410 : il ne veut plus être appelé',
  gap: 'les nouvelles qu’il lui restait à recevoir ne sont plus conservées',
};

const pauseLetter = ({ webhook, reason }: PauseMail): Letter => ({
  subject: `Relais : un webhook est suspendu (${webhook})`,
  lines: [
    `Relais n’appelle plus votre webhook sur ${webhook} : ${REASONS[reason]}.`,
    'Vos dossiers ne sont pas perdus : le fil les conserve, et l’envoi reprendra où il s’est arrêté dès que vous le demanderez',
    '(POST /relais/v1/webhooks/{id}/resume).',
    '',
    'Ce message est automatique et n’attend pas de réponse.',
  ],
});
