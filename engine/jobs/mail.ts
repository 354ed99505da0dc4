import { createTransport } from 'nodemailer';

/** What a mail job holds: nothing about the person concerned (contract §10). */
export type MailBody = { to: string; process: string } & (
  | { case: string }
  /** cases are held for it: whoever owns the démarche should have it invited */
  | { organization: string }
);

/** Sends one e-mail; throws when the server does not take it, and is called again later. */
export type Mailer = (mail: MailBody) => Promise<void>;

const SEND_DEADLINE_MS = 10_000;
const CONNECTIONS = 2;

const AUTOMATIC = 'Ce message est automatique : il ne contient aucune donnée de l’usager et n’attend pas de réponse.';

const waitingCase = ({ process, case: case_ }: { process: string; case: string }) => ({
  subject: `Relais : un dossier vous attend (${process})`,
  lines: [`Un dossier de la démarche « ${process} » vous attend dans Relais.`, `Numéro : ${case_}`],
});

const invitation = ({ process, organization }: { process: string; organization: string }) => ({
  subject: `Relais : une organisation à inviter (${process})`,
  lines: [
    `Des dossiers de la démarche « ${process} » sont gardés : leur destinataire n’y a pas d’abonnement actif.`,
    `Organisation : ${organization}`,
    'Invitez-la à s’abonner : les dossiers lui seront remis dans l’ordre dès que son abonnement sera actif.',
  ],
});

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
      const { subject, lines } = 'case' in mail ? waitingCase(mail) : invitation(mail);
      await transport.sendMail({
        from,
        to: mail.to,
        subject,
        text: ['Bonjour,', '', ...lines, '', AUTOMATIC].join('\n'),
      });
    },
    close: () => transport.close(),
  };
}
