import type { FeedItem } from '#api/feed/reader.ts';
import { dateText } from '#api/schemas/dates.ts';
import { folderOf, notificationId, toUuid } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import type { FeedType } from '#engine/domain/records/feed.ts';

/** Types of CloudEvents (1.0), one for each kind of entry. */
export const EVENT_TYPES: Readonly<Record<FeedType, string>> = {
  deposited: 'fr.relais.case.deposited.v1',
  event: 'fr.relais.case.event.v1',
  files: 'fr.relais.case.files.v1',
  status: 'fr.relais.case.status.v1',
  acknowledged: 'fr.relais.case.event-received.v1',
  held: 'fr.relais.case.held.v1',
  deadline: 'fr.relais.case.deadline.v1',
  released: 'fr.relais.case.released.v1',
  redirected: 'fr.relais.case.redirected.v1',
  returned: 'fr.relais.case.returned.v1',
};

/** Structured JSON of CloudEvents 1.0; references only, whatever they name is read by the contract's calls. */
export interface CloudEvent {
  specversion: '1.0';
  /** the contract's notification of the same news bears this id, when there is one */
  id: string;
  source: string;
  type: string;
  /** the case */
  subject: string;
  time: string;
  datacontenttype: 'application/json';
  /** position in the feed: what is acknowledged, and where reading goes on */
  sequence: string;
  /** distributed tracing extension: of the request it comes from, where that bore one */
  traceparent?: string;
  data: { processCode: string; folderId: string; caseId: string; eventId?: string; status?: string };
}

export function cloudEvent(org: OrgKey, item: FeedItem): CloudEvent {
  const { sequence, ms, type, box, case: case_, event, status, process, trace } = item;
  const caseId = toUuid(case_);
  return {
    specversion: '1.0',
    id: toUuid(notificationId(partitionOf(org), box, sequence, ms)),
    source: `/relais/v1/organizations/${org}`,
    type: EVENT_TYPES[type],
    subject: caseId,
    time: dateText(ms),
    datacontenttype: 'application/json',
    sequence: String(sequence),
    ...(trace !== undefined && { traceparent: trace }),
    data: {
      processCode: process,
      folderId: toUuid(folderOf(case_)),
      caseId,
      ...(event !== null && { eventId: toUuid(event) }),
      ...(status !== null && { status }),
    },
  };
}
