/** The session of one request. Read again from the API each time: an agent withdrawn is out at the next one. */

import type { Service } from '#lib/receipt.ts';
import { type Agent, type Organisation, type Resumed, resume, tokenFor } from '#lib/server/hub/sessions.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import { EVERY, type Who } from '#lib/ui/who.ts';

/** The API prolongs a session once a minute at most. */
const SLACK_S = 60;

export interface Place {
  key: string;
  name: string;
  role: Organisation['role'];
  /** null: all of the organisation's */
  processes: string[] | null;
  /** its agents may sign in by passkeys */
  passkeys: boolean;
}

export class Session {
  readonly #secret: string;
  readonly #resumed: Resumed;
  readonly places: readonly Place[];
  /** key of an organisation, or `toutes` */
  readonly chosen: string;

  constructor(secret: string, resumed: Resumed, chosen: string) {
    this.#secret = secret;
    this.#resumed = resumed;
    this.places = resumed.organizations.map((one) => ({
      key: keyOf(one),
      name: one.name || keyOf(one),
      role: one.role,
      processes: one.processCodes,
      passkeys: one.passkeys,
    }));
    this.chosen = chosen;
  }

  get isEvery(): boolean {
    return this.chosen === EVERY;
  }

  /** The one its own pages are about: the chosen one; of all, the first that the agent administers, or its first. */
  get own(): Place | undefined {
    return (
      this.places.find(({ key }) => key === this.chosen) ??
      this.places.find(({ role }) => role === 'administrator') ??
      this.places[0]
    );
  }

  /** Organisations whose cases are shown: one, or all of the agent's. */
  get organisations(): string[] {
    return this.isEvery ? this.places.map(({ key }) => key) : [this.chosen];
  }

  get name(): string {
    const { givenName, familyName, email } = this.#resumed.agent;
    return [givenName, familyName].filter(Boolean).join(' ') || email;
  }

  get agentId(): string {
    return this.#resumed.agent.id;
  }

  get firstName(): string {
    return this.#resumed.agent.givenName ?? '';
  }

  get agent(): Agent {
    return this.#resumed.agent;
  }

  /** What decisions are signed with. */
  get author(): string {
    return this.#resumed.agent.author;
  }

  /** The law wants the quality of who decides (CRPA L. 212-1). */
  get hasQuality(): boolean {
    return Boolean(this.#resumed.agent.quality);
  }

  /** Who deals with a case of one of the agent's organisations, as its receipt says. */
  serviceOf(organisation: string): Service {
    const one = this.#resumed.organizations.find((place) => keyOf(place) === organisation);
    return {
      service: this.#resumed.agent.service ?? '',
      organisation: this.nameOf(organisation),
      postalCode: one?.postalCode ?? '',
      email: one?.email ?? null,
      phone: one?.phoneNumber ?? null,
    };
  }

  administers(organisation: string): boolean {
    return this.#resumed.organizations.some((one) => one.role === 'administrator' && keyOf(one) === organisation);
  }

  nameOf(organisation: string): string {
    return this.places.find(({ key }) => key === organisation)?.name ?? organisation;
  }

  /** To read with what is chosen. */
  get token(): string {
    return this.#resumed.token;
  }

  /** To act for one of the agent's organisations. */
  async tokenFor(organisation: string): Promise<string> {
    return organisation === this.chosen ? this.#resumed.token : tokenFor(this.#secret, organisation);
  }

  /** For what is done after a long while: a request's own token may be over by then. */
  freshToken(organisation: string): Promise<string> {
    return tokenFor(this.#secret, organisation);
  }

  /** To look again by itself, with nobody at work: the session is not prolonged by it. */
  async lookToken(organisation = this.isEvery ? undefined : this.chosen): Promise<string> {
    return (await resume(this.#secret, organisation, false)).token;
  }

  /** For what passes through another host name: only ever sealed. */
  get secret(): string {
    return this.#secret;
  }

  /** Time until it ends unless another page is asked for, s; `hard`: then in any case. No clock of a browser is asked. */
  get end(): { seconds: number; hard: boolean } {
    const idle = this.#resumed.idleSeconds - SLACK_S;
    const last = (Date.parse(this.#resumed.endsAt) - Date.now()) / 1000;
    return { seconds: Math.round(Math.min(idle, last)), hard: last <= idle };
  }

  get who(): Who {
    return {
      name: this.name,
      chosen: this.chosen,
      own: this.own?.key ?? '',
      administers: this.own?.role === 'administrator',
      organisations: this.places.map(({ key, name }) => ({ key, name })),
      passkeys: this.places.some(({ passkeys }) => passkeys),
    };
  }
}
