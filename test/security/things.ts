import { folder, MEAUX, ORLY, pdf } from '#test/contract/country.ts';
import { deposit, notifications, type World } from '#test/contract/hub.ts';
import type { Json, Partner } from '#test/contract/wire.ts';

/** Objects of one exchange between DGS and Orly (CERTDC), made through the API, fresh for each call under test. */

const API = '/teledossiers/v1';
const FILE = { fileName: 'réponse.pdf', type: 'x', size: 64, mimeType: 'application/pdf' };

async function made(partner: Partner, path: string, body: unknown): Promise<Json> {
  const answer = await partner.post(path, body);
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}

let serial = 0;

export class Things {
  readonly world: World;
  constructor(world: World) {
    this.world = world;
  }

  /** A folder whose file is there, not completed. */
  async waiting(): Promise<{ folderId: string; attachmentId: string; caseId: string }> {
    const found = await deposit(this.world.dgs, {}, false);
    return { folderId: found.id, attachmentId: found.attachments[0].id, caseId: found.cases[0].id };
  }

  /** The same, completed. */
  async delivered(): Promise<{ folderId: string; attachmentId: string; caseId: string }> {
    const found = await deposit(this.world.dgs, {});
    return { folderId: found.id, attachmentId: found.attachments[0].id, caseId: found.cases[0].id };
  }

  /** The answer of Orly in progress, its file there; sent unless told. */
  async answered(send = true): Promise<{ caseId: string; eventId: string; attachmentId: string }> {
    const { caseId } = await this.delivered();
    const path = `${API}/cases/${caseId}/events`;
    const event = await made(this.world.orly, path, {
      actionType: 'ATTACH_DEPOSIT',
      notification: true,
      attachments: [FILE],
    });
    const eventId = event.id;
    const attachmentId = event.attachments[0].id;
    const uploaded = await this.world.orly.upload(`${path}/${eventId}/attachments/${attachmentId}`, pdf(FILE.size));
    if (uploaded.status !== 204) throw new Error(uploaded.text);
    if (send) await this.world.orly.patch(`${path}/${eventId}`, { status: 'SENT' });
    return { caseId, eventId, attachmentId };
  }

  /** A decision of Orly that waits to leave. */
  async decided(): Promise<{ caseId: string; decisionId: string }> {
    const { caseId } = await this.delivered();
    const asked = { statuses: ['DONE'], undoSeconds: 60 };
    const { id } = await made(this.world.orly, `/relais/v1/cases/${caseId}/decisions`, asked);
    return { caseId, decisionId: id };
  }

  /** What Orly was told last. */
  async notification(): Promise<{ notificationId: string }> {
    const { caseId } = await this.delivered();
    const found = (await notifications(this.world.orly)).find((one) => one.caseId === caseId);
    return { notificationId: found.id };
  }

  /** An agent of Meaux that nobody has seen. */
  async agent(): Promise<{ agentId: string }> {
    serial += 1;
    const asked = { email: `agent-${serial}@meaux.test`, role: 'agent', organization: MEAUX };
    const { id } = await made(this.world.admin, '/relais/v1/agents', asked);
    return { agentId: id };
  }

  /** Credentials of DGS, to be revoked. */
  async client(): Promise<{ clientId: string }> {
    const organization = { type: 'OSL', companyRegister: '13000000000017', branchCode: '00000' };
    const { clientId } = await made(this.world.admin, '/admin/v1/clients', { scope: 'OSL', organization });
    return { clientId };
  }

  /** A body that DGS may send. */
  folder(): Json {
    return folder({ to: [ORLY] });
  }
}
