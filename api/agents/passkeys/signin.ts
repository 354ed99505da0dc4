import { Throttle } from '#api/auth/throttle.ts';
import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { clientKey, plainAddress } from '#api/server/address.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { AgentState } from '#engine/domain/records/agent.ts';
import type { Passkey } from '#engine/domain/records/passkey.ts';
import { Session } from '../schema.ts';
import { opened } from '../sessions.ts';
import { mustReach, mustWork } from '../signin.ts';
import { requestOptions, siteOf, usedPasskey } from './ceremony.ts';
import { CHALLENGE_MS, Challenges } from './challenges.ts';
import { placesOf } from './places.ts';
import { Options, PasskeySession } from './schema.ts';

const PURPOSE = 'sign in';
/** Length of an agent's id, as an authenticator keeps it. */
const HANDLE = /^[\w.:-]{1,64}$/;

/** Whose passkey an authenticator says it used. @throws Problem passkey-unknown */
function owner(
  { hub }: ApiDeps,
  id: string,
  handle: string | null | undefined,
): { state: AgentState; passkey: Passkey } {
  const agent = Buffer.from(handle ?? '', 'base64url').toString('latin1');
  const state = HANDLE.test(agent) ? hub.referential.agent(agent as AgentState['id']) : undefined;
  const passkey = state?.passkeys.find((one) => one.id === id);
  if (state === undefined || passkey === undefined) throw new Problem('passkey-unknown');
  return { state, passkey };
}

/** Whose passkey it was, as far as nobody's is known. */
const NOBODY = '';

/**
 * What wrong signatures cost: they are answered ever later, those of one agent's passkeys wherever they come from, and those of one
 * address, unknown passkeys too, as wrong secrets of software are (decision 007).
 */
class Gate {
  readonly #throttle = new Throttle();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param places where it is counted: an address, or an agent wherever it is */
  async pass<T>(places: readonly Place[], agent: string, guess: string, work: () => Promise<T>): Promise<T> {
    const most = (look: (place: Place) => number): number => Math.max(0, ...places.map(look));
    const barred = most((place) => this.#throttle.barred(place, agent, this.#now()));
    if (barred > 0) throw later(barred);
    try {
      const done = await work();
      for (const place of places) this.#throttle.succeeded(place, agent);
      return done;
    } catch (error) {
      const wait = most((place) => this.#throttle.failed(place, agent, guess, this.#now()));
      if (wait > 0) throw later(wait);
      throw error;
    }
  }
}

/** Of the portal's word for an address only what is one; it knows none where a proxy is not named. */
function placeOf(address: string | undefined): readonly Place[] {
  const plain = plainAddress(address ?? '');
  return plain === undefined ? [] : [`from ${clientKey(plain)}`];
}
type Place = string;

const later = (seconds: number): Problem =>
  new Problem(
    'too-many-requests',
    'Trop d’essais à la suite, avec une clé de cette personne ou depuis cette adresse.',
    {
      headers: { 'Retry-After': String(seconds) },
    },
  );

const GUESS = 16;

async function open(deps: ApiDeps, gate: Gate, request: Request): Promise<Reply> {
  const { hub, config, log } = deps;
  const { response: said, address } = await bodyOf(PasskeySession, request);
  const from = placeOf(address);
  try {
    const site = siteOf(config.portalUrl);
    const find = async () => owner(deps, said.id, said.response.userHandle);
    const { state, passkey } = await gate.pass(from, NOBODY, said.id.slice(0, GUESS), find);
    let used = '';
    const isGood = (text: string): boolean => {
      used = text;
      return Challenges.of(deps).isGood(PURPOSE, text);
    };
    const work = () => usedPasskey(site, passkey, said, isGood);
    const places = [state.id, ...from];
    const { counter, synced } = await gate.pass(places, state.id, said.response.signature.slice(0, GUESS), work);
    // Seen by somebody on its way, a signature opens no second session.
    if (!(await hub.sessions.spend(`passkey ${used}`, CHALLENGE_MS))) throw new Problem('passkey-invalid');
    const reached = placesOf(hub.referential, mustWork(state));
    if (reached.length === 0) throw new Problem('passkeys-off');
    const level = { acr: '', amr: [], passkey: passkey.id };
    const [first] = reached;
    mustReach(deps, level, first ? [first.role] : [], state.national, true);
    const command = { kind: 'agent.passkey.use', agent: state.id, passkey: passkey.id, counter, synced } as const;
    const answer = await hub.ask(REFERENTIAL, command);
    if (answer.status === 409) throw new Problem('passkey-cloned');
    if (answer.status === 404) throw new Problem('passkey-unknown');
    if (answer.status > 400) throw refused(answer);
    return await opened(deps, request, answer.body as AgentState, level);
  } catch (error) {
    if (error instanceof Problem) {
      const cause = error.cause instanceof Error ? error.cause.message : undefined;
      log.info({ id: request.id, code: error.code, by: 'passkey', ...(cause && { cause }) }, 'session.denied');
    }
    throw error;
  }
}

/** For the portal: agents of organisations without the provider sign in by what their authenticator signed. */
export function routes(deps: ApiDeps): Route[] {
  const gate = new Gate(() => deps.hub.now());
  return [
    {
      method: 'POST',
      path: '/relais/v1/passkeys/challenges',
      scopes: ['PORTAL'],
      summary: 'Donne ce qu’une clé d’accès doit signer, cinq minutes au plus',
      schemas: { answers: { 200: Options, ...problems(409) } },
      handler: async () => ({
        status: 200,
        json: { options: await requestOptions(siteOf(deps.config.portalUrl), Challenges.of(deps).make(PURPOSE)) },
        headers: { 'Cache-Control': 'no-store' },
      }),
    },
    {
      method: 'POST',
      path: '/relais/v1/sessions/passkey',
      scopes: ['PORTAL'],
      body: 'json',
      summary: 'Ouvre la session d’un agent, d’après ce que sa clé d’accès a signé',
      schemas: { body: PasskeySession, answers: { 201: Session, ...problems(409, 422, 429) } },
      handler: (request) => open(deps, gate, request),
    },
  ];
}
