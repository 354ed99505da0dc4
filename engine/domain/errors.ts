/**
 * The one table of what can be refused: HTTP status, the sentence of the contract (§4), and for our own sentences
 * what to do. `$` stands for the detail given with the refusal.
 */
export const ERRORS = {
  folderUnknown: [404, 'Folder is not found'],
  caseUnknown: [404, 'Case is not found'],
  eventUnknown: [404, 'event is not found'],
  eventUnknownForDelete: [404, 'Event is not found'],
  notificationUnknown: [404, 'Notification is not found'],
  organizationUnknown: [404, 'Organization is not found'],
  processUnknown: [404, 'Process is not found'],
  subscriptionUnknown: [404, 'Subscription is not found'],
  clientUnknown: [404, 'Client is not found'],
  agentUnknown: [404, 'Agent is not found'],
  templateUnknown: [404, 'Template is not found'],
  passkeyUnknown: [404, 'Passkey is not found'],
  consumerUnknown: [404, 'Consumer is not found'],
  webhookUnknown: [404, 'Webhook is not found'],
  attachmentUnknown: [404, 'Binary meta-data is not found'],
  fileUnknown: [404, 'File is not found'],
  eventFileUnknown: [404, 'file is not found'],
  forbidden: [403, 'Unauthorized user'],
  organizationExists: [400, 'Organization $ already exists'],
  processExists: [400, 'Process $ already exists'],
  subscriptionExists: [400, 'Subscription $ already exists'],
  clientExists: [400, 'Client $ already exists'],
  agentExists: [409, 'The agent belongs to this organization already'],
  agentBound: [409, 'The agent is known by another account'],
  lastAdministrator: [409, 'The last administrator of an organization with agents stays: name another one first'],
  recipientUnknown: [400, 'Case recipient $ does not exist'],
  sizeMismatch: [400, 'Size does not match with attachment meta-data'],
  rule: [400, '$'],
  tooLarge: [413, '$'],
  conflict: [409, '$'],
  gone: [410, '$'],
  precondition: [412, '$'],
  busy: [503, 'The hub is busy: repeat the request after the delay given in Retry-After'],
  tooMany: [429, 'Too many requests for this record at once: repeat after the delay given in Retry-After'],
  unreadable: [500, 'Cases that cannot be read were left out, all others are done: $'],
  internal: [500, 'Internal Server Error'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal that is an answer, not a fault: no state changes, the message is acknowledged. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  constructor(code: ErrorCode, detail?: string) {
    const [status, message] = ERRORS[code];
    super(detail === undefined ? message : message.replace('$', () => detail));
    this.name = 'DomainError';
    this.code = code;
    this.status = status;
  }
}
