/** The session of one request. Read again from the API each time: an agent withdrawn is out at the next one. */
import { type Resumed, tokenFor } from '#lib/server/hub/sessions.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import { EVERY, type Who } from '#lib/ui/who.ts';

interface Place {
  key: string;
  name: string;
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
    this.places = resumed.organizations.map((one) => ({ key: keyOf(one), name: one.name || keyOf(one) }));
    this.chosen = chosen;
  }

  get isEvery(): boolean {
    return this.chosen === EVERY;
  }

  /** Organisations whose cases are shown: one, or all of the agent's. */
  get organisations(): string[] {
    return this.isEvery ? this.places.map(({ key }) => key) : [this.chosen];
  }

  get name(): string {
    const { givenName, familyName, email } = this.#resumed.agent;
    return [givenName, familyName].filter(Boolean).join(' ') || email;
  }

  get firstName(): string {
    return this.#resumed.agent.givenName ?? '';
  }

  /** What decisions are signed with. */
  get author(): string {
    return this.#resumed.agent.author;
  }

  /** The law wants the quality of who decides (CRPA L. 212-1). */
  get hasQuality(): boolean {
    return Boolean(this.#resumed.agent.quality);
  }

  get account(): { email: string; quality: string; service: string } {
    const { email, quality, service } = this.#resumed.agent;
    return { email, quality: quality ?? '', service: service ?? '' };
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

  /** For what passes through another host name: only ever sealed. */
  get secret(): string {
    return this.#secret;
  }

  /** When it ends unless another page is asked for, ms; `hard`: then in any case. */
  get end(): { ends: number; hard: boolean } {
    const idle = Date.now() + this.#resumed.idleSeconds * 1000;
    const last = Date.parse(this.#resumed.endsAt);
    return { ends: Math.min(idle, last), hard: last <= idle };
  }

  get who(): Who {
    return { name: this.name, chosen: this.chosen, organisations: [...this.places] };
  }
}
