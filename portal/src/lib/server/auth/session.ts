/** The session of one request. Read again from the API each time: an agent withdrawn is out at the next one. */
import type { Agent } from '#lib/server/hub/agent.ts';
import { agentToken } from '#lib/server/hub/sessions.ts';
import { EVERY, type Who } from '#lib/ui/who.ts';

export class Session {
  readonly secret: string;
  readonly agent: Agent;
  /** key of an organisation, or `toutes` */
  readonly chosen: string;

  constructor(secret: string, agent: Agent, wish: string | undefined) {
    this.secret = secret;
    this.agent = agent;
    const keys = agent.places.map(({ organization }) => organization);
    const every = wish === EVERY && keys.length > 1;
    this.chosen = every ? EVERY : (keys.find((key) => key === wish) ?? keys[0] ?? '');
  }

  /** Organisations whose cases are shown: one, or all of the agent's. */
  get organisations(): string[] {
    return this.chosen === EVERY ? this.agent.places.map(({ organization }) => organization) : [this.chosen];
  }

  get name(): string {
    return `${this.agent.givenName} ${this.agent.familyName}`.trim();
  }

  nameOf(organisation: string): string {
    return this.agent.places.find((place) => place.organization === organisation)?.name ?? organisation;
  }

  token(organisation: string): Promise<string> {
    return agentToken(this.secret, organisation);
  }

  get who(): Who {
    const organisations = this.agent.places.map(({ organization, name }) => ({ key: organization, name }));
    return { name: this.name, chosen: this.chosen, organisations };
  }
}
