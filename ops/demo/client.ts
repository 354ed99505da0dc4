import { createHash } from 'node:crypto';
import type { Answer, Http, Outgoing } from './http.ts';
import type { Waiting } from './patience.ts';
import { patiently } from './patience.ts';
import type { Case, Event, EventRequest, Folder, FolderRequest, Notification } from './wire.ts';

export interface Credentials {
  clientId: string;
  clientSecret: string;
  scope: 'OSL' | 'SI' | 'ADMIN' | 'DATAPASS' | 'PORTAL';
}

/** An answer the caller did not want, with the messages of the contract's envelope (section 4). */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;

  constructor(call: Pick<Outgoing, 'method' | 'path'>, answer: Answer) {
    super(`${call.method} ${call.path}: ${answer.status} ${messagesOf(answer.body)}`);
    this.status = answer.status;
  }
}

/** A file whose bytes are not those announced by its `digest` header or its description. */
export class Altered extends Error {
  override readonly name = 'Altered';
}

/** A token is renewed this long before it expires, so that none expires on the way. Milliseconds. */
const renewalMs = 60_000;

const folders = '/teledossiers/v1/folders';
const cases = '/teledossiers/v1/cases';
const notifications = '/teledossiers/v1/notifications';

/** A client of the contract (hubee-v1.md) under one pair of credentials. Everything but 2xx throws `Refused`. */
export class Client {
  readonly #http: Http;
  readonly #credentials: Credentials;
  readonly #waiting: Waiting;
  #token: Promise<Token> | undefined;

  constructor(http: Http, credentials: Credentials, waiting: Waiting = {}) {
    this.#http = http;
    this.#credentials = credentials;
    this.#waiting = waiting;
  }

  get<T>(path: string): Promise<T> {
    return this.#json<T>({ method: 'GET', path });
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>({ method: 'POST', path, body: JSON.stringify(body) });
  }

  postFolder(folder: FolderRequest): Promise<Folder> {
    return this.post(folders, folder);
  }

  /** Sends a file of a folder, or of an event when the path names one, with its SHA-256. */
  async putFile(path: string, bytes: Buffer): Promise<void> {
    const headers = { 'Content-Type': 'application/octet-stream', digest: digestOf(bytes) };
    await this.#send({ method: 'PUT', path, headers, body: bytes });
  }

  putFolderFile(folderId: string, attachmentId: string, bytes: Buffer): Promise<void> {
    return this.putFile(`${folders}/${folderId}/attachments/${attachmentId}`, bytes);
  }

  putEventFile(caseId: string, eventId: string, attachmentId: string, bytes: Buffer): Promise<void> {
    return this.putFile(`${cases}/${caseId}/events/${eventId}/attachments/${attachmentId}`, bytes);
  }

  patchFolder(folderId: string, globalStatus: string): Promise<void> {
    return this.patch(`${folders}/${folderId}`, { globalStatus });
  }

  patchCase(caseId: string, status: string): Promise<void> {
    return this.patch(`${cases}/${caseId}`, { status });
  }

  patchEvent(caseId: string, eventId: string, status: 'SENT' | 'RECEIVED'): Promise<void> {
    return this.patch(`${cases}/${caseId}/events/${eventId}`, { status });
  }

  getCase(caseId: string): Promise<Case> {
    return this.get(`${cases}/${caseId}`);
  }

  postEvent(caseId: string, event: EventRequest): Promise<Event> {
    return this.post(`${cases}/${caseId}/events`, event);
  }

  getEvent(caseId: string, eventId: string): Promise<Event> {
    return this.get(`${cases}/${caseId}/events/${eventId}`);
  }

  listNotifications(maxResult: number): Promise<Notification[]> {
    return this.get(`${notifications}?eventDetails=true&maxResult=${maxResult}`);
  }

  /** Deletes a notification; one that is gone already is fine: another process of the same recipient may have been first. */
  async deleteNotification(id: string): Promise<void> {
    const call = { method: 'DELETE', path: `${notifications}/${id}` };
    const answer = await this.#answer(call);
    if (answer.status !== 204 && answer.status !== 404) throw new Refused(call, answer);
  }

  /** Downloads a file of a case, or of one of its events. Throws `Altered` unless digest and size are right. */
  async getFile(caseId: string, eventId: string | undefined, file: { id: string; size: number }): Promise<Buffer> {
    const parent = eventId === undefined ? caseId : `${caseId}/events/${eventId}`;
    const answer = await this.#send({ method: 'GET', path: `${cases}/${parent}/attachments/${file.id}` });
    const right = answer.headers['digest'] === digestOf(answer.body) && answer.body.length === file.size;
    if (!right) throw new Altered(`attachment ${file.id} of case ${caseId} does not match its digest or size`);
    return answer.body;
  }

  async patch(path: string, body: unknown): Promise<void> {
    await this.#send({ method: 'PATCH', path, body: JSON.stringify(body) });
  }

  async put(path: string, body: unknown): Promise<void> {
    await this.#send({ method: 'PUT', path, body: JSON.stringify(body) });
  }

  async delete(path: string): Promise<void> {
    await this.#send({ method: 'DELETE', path });
  }

  async #json<T>(call: Outgoing): Promise<T> {
    return JSON.parse((await this.#send(call)).body.toString('utf8')) as T;
  }

  async #send(call: Outgoing): Promise<Answer> {
    const answer = await this.#answer(call);
    if (answer.status < 200 || answer.status > 299) throw new Refused(call, answer);
    return answer;
  }

  // A token refused before its time (the hub's key was changed, say) is renewed once.
  async #answer(call: Outgoing): Promise<Answer> {
    const answer = await this.#authorized(call);
    if (answer.status !== 401) return answer;
    this.#token = undefined;
    return this.#authorized(call);
  }

  async #authorized(call: Outgoing): Promise<Answer> {
    const headers = {
      'Content-Type': 'application/json',
      ...call.headers,
      Authorization: `Bearer ${await this.#bearer()}`,
    };
    return patiently(() => this.#http.send({ ...call, headers }), this.#waiting);
  }

  // Calls made together share one token request.
  async #bearer(): Promise<string> {
    const held = this.#token ?? this.#renew();
    const token = await held;
    if (Date.now() < token.until - renewalMs) return token.text;
    return (await (this.#token === held || !this.#token ? this.#renew() : this.#token)).text;
  }

  #renew(): Promise<Token> {
    this.#token = this.#askToken();
    return this.#token;
  }

  async #askToken(): Promise<Token> {
    const { clientId, clientSecret, scope } = this.#credentials;
    const call = {
      method: 'POST',
      path: '/oauth2/token',
      headers: {
        Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: `grant_type=client_credentials&scope=${scope}`,
    };
    try {
      const answer = await patiently(() => this.#http.send(call), this.#waiting);
      if (answer.status !== 200) throw new Refused(call, answer);
      const { access_token, expires_in } = JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>;
      return { text: String(access_token), until: Date.now() + Number(expires_in) * 1000 };
    } catch (error) {
      this.#token = undefined;
      throw error;
    }
  }
}

interface Token {
  text: string;
  /** Expiry, ms since the epoch. */
  until: number;
}

/** SHA-256 in base64 without prefix, the form of the `digest` header (contract section 2). */
function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}

function messagesOf(body: Buffer): string {
  try {
    const { errors } = JSON.parse(body.toString('utf8')) as { errors: { message: string }[] };
    return errors.map((error) => error.message).join('; ');
  } catch {
    return body.toString('utf8').slice(0, 200);
  }
}
