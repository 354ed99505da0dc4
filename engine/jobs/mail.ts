import { createTransport } from 'nodemailer';
import type { PauseReason } from '../domain/records/webhook.ts';

/** A case waits: nothing about the person concerned (contract §10). */
interface CaseMail {
  to: string;
  process: string;
  case: string;
}

/** A webhook was paused by the hub; `webhook` is the host it calls, nothing else of its address. */
interface PauseMail {
  to: string;
  webhook: string;
  reason: PauseReason;
}

/** What a mail job holds. */
export type MailBody = CaseMail | PauseMail;

/** Sends one e-mail; throws when the server does not take it, and is called again later. */
export type Mailer = (mail: MailBody) => Promise<void>;

const SEND_DEADLINE_MS = 10_000;
const CONNECTIONS = 2;

/** @param from address of the sender */
export function openMailer(smtpUrl: string, from: string): { send: Mailer; close(): void } {
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
      const { subject, lines } = 'webhook' in mail ? pauseLetter(mail) : caseLetter(mail);
      const text = ['Bonjour,', '', ...lines].join('\n');
      await transport.sendMail({ from, to: mail.to, subject, text });
    },
    close: () => transport.close(),
  };
}

interface Letter {
  subject: string;
  lines: string[];
}

const caseLetter = ({ process, case: case_ }: CaseMail): Letter => ({
  subject: `Relais : un dossier vous attend (${process})`,
  lines: [
    `Un dossier de la démarche « ${process} » vous attend dans Relais.`,
    `Numéro : ${case_}`,
    '',
    'Ce message est automatique : il ne contient aucune donnée de l’usager et n’attend pas de réponse.',
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
