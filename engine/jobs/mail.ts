import { createTransport } from 'nodemailer';

/** What a mail job holds: nothing about the person concerned (contract §10). */
export interface MailBody {
  to: string;
  process: string;
  case: string;
}

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
    async send({ to, process, case: case_ }) {
      await transport.sendMail({
        from,
        to,
        subject: `Relais : un dossier vous attend (${process})`,
        text: [
          'Bonjour,',
          '',
          `Un dossier de la démarche « ${process} » vous attend dans Relais.`,
          `Numéro : ${case_}`,
          '',
          'Ce message est automatique : il ne contient aucune donnée de l’usager et n’attend pas de réponse.',
        ].join('\n'),
      });
    },
    close: () => transport.close(),
  };
}
