import type { TSchema } from 'typebox';
import type { Reading } from '#api/access/entry.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { AgentState, Membership } from '#engine/domain/records/agent.ts';
import type { Right, Scope } from '#engine/domain/records/client.ts';
import type { Trace } from '#engine/domain/trace.ts';
import type { Query } from './query.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Bytes of a body as they arrive; a chunk is lent until the next one is asked for. Reading slowly slows the sender
 * down. Throws when the client leaves.
 */
export interface Chunks extends AsyncIterable<Uint8Array> {
  /** true: the chunk given last is the reader's to keep, nobody writes there again; absent: all are lent */
  readonly kept?: boolean;
  /** all of it, of bytes that are at hand already: they need not be asked for */
  readonly whole?: Uint8Array | undefined;
  /**
   * Set by a reader that can also take a chunk at once: when there is no room to keep what comes faster than it asks,
   * chunks are given here, in order after those it asked for, lent until it returns.
   */
  overflow?: ((chunk: Uint8Array) => void) | undefined;
}

/** One request, whatever carries it. Valid as long as its handler runs. */
export interface Request {
  /** what is to be done, after `X-HTTP-Method-Override` */
  readonly method: Method;
  /** as written by the client: what form errors quote (contract §4) */
  readonly calledMethod: string;
  /** as called, without host or query */
  readonly path: string;
  readonly query: Query;
  /** answered as `X-Request-Id`; the only thing logs name a request by */
  readonly id: string;
  /** who calls; reading it on a public route is a bug and throws */
  readonly caller: Caller;
  /** client id of the credentials; as `caller` */
  readonly client: string;
  /** the agent who calls; undefined: software does */
  readonly agent: SignedIn | undefined;
  /** address of the client, '' unless the route declares `address`; never for a log */
  readonly address: string;
  /** W3C trace context it came with, or was given here; commands made of it bear it */
  readonly trace: Trace | undefined;
  /** true once the client is gone: nothing written is read by anyone */
  readonly aborted: boolean;
  /** A path parameter, percent-decoded. @throws HttpError 400 when it is not percent-encoded UTF-8 */
  param(name: string): string;
  /** A header the route declares in `headers`, '' when absent; an undeclared one is a bug and throws. */
  header(name: string): string;
  /** Body of a `json` route, parsed; undefined when it is empty. 400, 408 or 413 when it cannot be read. */
  json(): Promise<unknown>;
  /** Body of a `text` or `json` route as text; '' when it is empty. Same refusals, but any text will do. */
  text(): Promise<string>;
  /** Body of a `whole` route: text, or the bytes of a multipart one, the reader's to keep. Same refusals as `text`. */
  whole(): Promise<string | Buffer>;
  /** Body of a `stream` route. May be read once. */
  chunks(): Chunks;
}

/** Bytes to send: `read` is called once, and its iterator is always returned or run to its end. */
export interface Bytes {
  /** exact number of bytes `read` gives */
  length: number;
  read(): AsyncIterable<Uint8Array>;
}

/** A text that goes on for as long as somebody reads it. */
export interface Live {
  /** sent at once, with the headers */
  opening: string;
  pieces: AsyncIterable<string>;
  /** sent last, when the source ends before its reader */
  ending: string;
  /** the client is gone, or the server ends: `pieces` comes to its end soon. May be called again. */
  stop(): void;
}

/** What a handler answers. At most one of `json`, `text`, `items`, `bytes`, `lines`, `live`; none: no body. */
export interface Reply {
  status: number;
  headers?: Readonly<Record<string, string>>;
  /** serialised by the server */
  json?: unknown;
  /** sent as it is, as `type` */
  text?: string;
  /** a JSON array sent in chunks: each batch holds serialised elements; batches are pulled as the client reads */
  items?: AsyncIterable<readonly string[]>;
  /** sent as `type`, or `application/octet-stream` */
  bytes?: Bytes;
  /** texts sent as `type`, each as it comes, while a `stream` body may still be coming in; pulled as the client reads */
  lines?: AsyncIterable<string>;
  /** sent as `type`, without an end of its own */
  live?: Live;
  /** media type of `text` (default JSON), `bytes` or `live` */
  type?: string;
  /** UUIDs of the cases it shows, where the route reads an `export` */
  cases?: AsyncIterable<readonly string[]>;
}

export type Handler = (request: Request) => Promise<Reply> | Reply;

/** How an API words what it refuses: the contract's envelope, or problems (RFC 9457). */
export interface ErrorForm {
  /** undefined: a fault, of which only the log may speak */
  refusal(error: unknown, request: Request): Reply | undefined;
  fault(request: Request): Reply;
}

/** One line of the table that feeds the router, the OpenAPI document and the authorization tests. */
export interface Route {
  method: Method;
  /** template: `/teledossiers/v1/cases/{caseId}` */
  path: string;
  /** who may call; `public`: no token is looked at */
  scopes: readonly Scope[] | 'public';
  /** what a PARTNER needs, where its scope is listed; absent: `read` for GET, else `write` */
  right?: Right;
  /** an AGENT may call it without having chosen an organisation */
  anyOrganization?: true;
  /** what an AGENT reads of a case by it: each answer is in the access log before it is given */
  reads?: Reading;
  /** an AGENT may call it together with others, in one call (api/together): its answer is whole, and small */
  together?: true;
  /** what body the handler reads; absent: none, and one that comes is thrown away (contract §2) */
  body?: 'json' | 'text' | 'whole' | 'stream';
  /** bytes of a `json`, `text` or `whole` body; absent: LIMITS.jsonBytes */
  maxBodyBytes?: number;
  /** lower-case names of the headers the handler reads */
  headers?: readonly string[];
  /** the handler wants to know the address of the client */
  address?: true;
  /** PATCH only: POST with `X-HTTP-Method-Override: PATCH` comes here too, and without it answers 405 */
  override?: true;
  /** absent: the contract's envelope */
  errors?: ErrorForm;
  /** body of the 405 of this path, where it is not the envelope */
  notAllowed?: string;
  handler: Handler;
  /** one line, for the OpenAPI document */
  summary: string;
  /** media types of bodies that are neither JSON nor bytes, for the OpenAPI document */
  media?: { body?: string; answer?: string };
  /** schemas of the OpenAPI document */
  schemas?: RouteSchemas;
}

export interface RouteSchemas {
  /** object schema: one property per query parameter */
  query?: TSchema;
  body?: TSchema;
  /** status → body; null: no body */
  answers: Readonly<Record<number, TSchema | null>>;
  /** status → header → what it says */
  headers?: Readonly<Record<number, Readonly<Record<string, string>>>>;
}

/** What a token says, checked against the referential of this moment. */
export interface Identity {
  caller: Caller;
  client: string;
  /** what the credentials are for: what a route lists */
  scope: Scope;
  /** both, but for a PARTNER */
  rights: readonly Right[];
  /** AGENT only: what its token says, to be confirmed */
  pass?: AgentPass;
  /** AGENT only, once confirmed */
  agent?: SignedIn;
}

/** What the token of an agent is bound to. */
export interface AgentPass {
  agent: Id;
  /** SHA-256 of the session's secret */
  session: string;
}

/** An agent at work, as it is at this moment. */
export interface SignedIn {
  state: AgentState;
  /** in the organisation it acts for; null: it has chosen none */
  membership: Membership | null;
  /** all it may act for with this sign-in */
  memberships: readonly Membership[];
  /** SHA-256 of its session's secret */
  session: string;
}

/** Checks an `Authorization` header against the referential, which is fresh when it is called. */
export interface Auth {
  /** Without a round trip; who has a `pass` may do nothing yet. @throws HttpError 401, code 900901 or 900902 (contract §4) */
  authenticate(authorization: string): Identity;
  /** The same with its session, read now. @throws HttpError 401; DomainError busy */
  confirm(identity: Identity): Promise<Identity>;
}
