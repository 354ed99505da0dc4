/** The text of a receipt: who asked what, when it came, and who deals with it. */
import { day } from './format/date.ts';
import { receiptText } from './text/receipt.ts';
import { acknowledgement } from './transitions.ts';

export interface Service {
  /** the agent's service; '' when none is known */
  service: string;
  organisation: string;
  postalCode: string;
  email: string | null;
  phone: string | null;
}

export interface Received {
  number: string;
  process: string;
  received: string;
}

/**
 * Only requests of citizens get one. Death certificates, and what social bodies and the child protection line send, are
 * no requests: those are the démarches whose first step is « en cours ».
 */
export const hasReceipt = (processCode: string): boolean => acknowledgement(processCode) === 'SI_RECEIVED';

/** Implicit decisions and remedies are the démarche's to say: nothing is said of them while its settings do not. */
export function receiptOf({ number, process, received }: Received, from: Service): string {
  return [
    receiptText.heading,
    receiptText.received(process, number, day(received)),
    receiptText.service(
      [from.service, [from.organisation, from.postalCode && `(${from.postalCode})`].filter(Boolean).join(' ')]
        .filter(Boolean)
        .join(', '),
    ),
    from.email && receiptText.email(from.email),
    from.phone && receiptText.phone(from.phone),
  ]
    .filter(Boolean)
    .join('\n');
}

/** What the law wants on a receipt and nobody has filled in; '' when nothing is missing. */
export function missingFrom({ email, phone }: Service): string {
  return [!email && receiptText.missing.email, !phone && receiptText.missing.phone]
    .filter(Boolean)
    .join(receiptText.and);
}
