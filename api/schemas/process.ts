import { type Static, Type } from 'typebox';
import type { NewProcess as ProcessRequest } from '#engine/domain/commands/contents.ts';
import { CASE_STATUSES } from '#engine/domain/records/case.ts';
import type { ProcessState, HoldRule as Rule } from '#engine/domain/records/process.ts';
import { dateOrNull } from './dates.ts';
import { booleanOrNull, dateTimeOrNull, matching, oneOf, optional, text, textOrNull } from './fields.ts';
import { Identity } from './identity.ts';

/** Longest delay of a démarche, days: a hundred years, so that every date stays one. */
const MAX_DAYS = 36_525;
const HOURS = 24;
/** Formats or types one démarche may name: the longest list in the field has six. */
const MAX_NAMES = 500;

const days = () => Type.Integer({ minimum: 0, maximum: MAX_DAYS });
const names = (maxLength: number) => Type.Array(text(maxLength), { maxItems: MAX_NAMES });

const described = {
  /** no comma: arrays of codes come comma-separated too (contract §2); no half character: codes are keys in UTF-8 */
  code: matching('^[^\\u0000-\\u001f\\ud800-\\udfff,]{1,30}$', 30),
  name: text(100),
  isActivated: Type.Boolean(),
  osl: Identity,
  attachmentFormatsEnabled: names(255),
  attachmentTypesEnabled: names(100),
  attachmentMaxSizeEnabled: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  statusBeforeFileDeletion: oneOf(CASE_STATUSES),
  timeBeforeFileDeletion: days(),
  timeBeforeArchiving: days(),
  timeBeforeFolderDeletion: days(),
  messageToTransmitter: Type.Boolean(),
  subscriptionValidation: oneOf(['Auto', 'Manual']),
};

/** Ours, not the contract's: how long native deposits wait for a recipient without active subscription. */
const HoldRule = Type.Object(
  {
    hours: Type.Integer({ minimum: 1, maximum: MAX_DAYS * HOURS, description: 'durée de garde, en heures' }),
    fallback: Type.Union([Identity, Type.Null()], {
      description: 'organisation qui reçoit le dossier à la fin du délai ; null : il revient à l’émetteur',
    }),
  },
  { title: 'HoldRule', description: 'Garde des dossiers dont le destinataire n’a pas d’abonnement actif' },
);

/** Ours as well: until when a case is to be treated. */
const deadlineDays = () =>
  Type.Integer({
    minimum: 0,
    maximum: MAX_DAYS,
    description: 'délai de traitement, en jours après celui du dépôt ; absent : la démarche n’en a pas',
  });

const holdOf = (rule: Static<typeof HoldRule> | null): Rule | null =>
  rule && {
    hours: rule.hours,
    fallback: rule.fallback && {
      type: rule.fallback.type,
      companyRegister: rule.fallback.companyRegister,
      branchCode: rule.fallback.branchCode,
    },
  };

/** Contract §5.10, as sent. */
export const NewProcess = Type.Object(
  {
    ...described,
    description: optional(textOrNull(1000)),
    siAttachmentFormatsEnabled: optional(
      Type.Unsafe<string[] | null>({ ...names(255), type: ['array', 'null'], items: text(255) }),
    ),
    messageWithStatus: optional(booleanOrNull()),
    authorizedAwaiting: optional(booleanOrNull()),
    legalJustification: optional(textOrNull(1000)),
    hold: optional(Type.Union([HoldRule, Type.Null()])),
    timeBeforeDeadline: optional(Type.Union([deadlineDays(), Type.Null()])),
  },
  { title: 'NewProcess', description: 'Démarche à créer ou à remplacer' },
);
export type NewProcess = Static<typeof NewProcess>;

/** Contract §5.10, as answered. */
export const Process = Type.Object(
  {
    ...described,
    description: textOrNull(1000),
    siAttachmentFormatsEnabled: names(255),
    messageWithStatus: Type.Boolean(),
    authorizedAwaiting: Type.Boolean(),
    legalJustification: textOrNull(1000),
    hold: Type.Optional(HoldRule),
    timeBeforeDeadline: Type.Optional(deadlineDays()),
    creationDateTime: dateTimeOrNull(),
    updateDateTime: dateTimeOrNull(),
  },
  { title: 'Process', description: 'Démarche' },
);
export type Process = Static<typeof Process>;

/** As the contract has it, and what the hub was told besides, where it was. */
export function processAnswer({ created, updated, hold, timeBeforeDeadline, ...state }: ProcessState): Process {
  return {
    ...state,
    ...(hold && { hold }),
    ...(timeBeforeDeadline !== null && { timeBeforeDeadline }),
    creationDateTime: dateOrNull(created),
    updateDateTime: dateOrNull(updated),
  };
}

/** What a body asks for; the two members older administration clients do not know count as true (contract §5.10). */
export const processAsked = (body: NewProcess): ProcessRequest => ({
  code: body.code,
  name: body.name,
  description: body.description ?? null,
  isActivated: body.isActivated,
  osl: { type: body.osl.type, companyRegister: body.osl.companyRegister, branchCode: body.osl.branchCode },
  attachmentFormatsEnabled: body.attachmentFormatsEnabled,
  siAttachmentFormatsEnabled: body.siAttachmentFormatsEnabled ?? [],
  attachmentTypesEnabled: body.attachmentTypesEnabled,
  attachmentMaxSizeEnabled: body.attachmentMaxSizeEnabled,
  statusBeforeFileDeletion: body.statusBeforeFileDeletion,
  timeBeforeFileDeletion: body.timeBeforeFileDeletion,
  timeBeforeArchiving: body.timeBeforeArchiving,
  timeBeforeFolderDeletion: body.timeBeforeFolderDeletion,
  messageToTransmitter: body.messageToTransmitter,
  messageWithStatus: body.messageWithStatus ?? true,
  authorizedAwaiting: body.authorizedAwaiting ?? true,
  subscriptionValidation: body.subscriptionValidation,
  legalJustification: body.legalJustification ?? null,
  ...(body.hold !== undefined && { hold: holdOf(body.hold) }),
  ...(body.timeBeforeDeadline !== undefined && { timeBeforeDeadline: body.timeBeforeDeadline }),
});
