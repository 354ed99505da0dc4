import assert from 'node:assert/strict';
import type { Org } from '#test/contract/country.ts';
import { startHub, type World } from '#test/contract/hub.ts';
import { type Called, call, type Json, Partner } from '#test/contract/wire.ts';
import { CLIENT, Issuer, type Person } from './issuer.ts';

/** A portal as the API knows it: a client of scope PORTAL, and what a provider signed for the agents who come. */

export const SESSIONS = '/relais/v1/sessions';
export const AGENTS = '/relais/v1/agents';
export const ME = '/relais/v1/agent';

/** An agent at work for one organisation, or for none yet. */
export class AgentCaller extends Partner {
  readonly portal: Partner;
  readonly session: string;
  readonly org: Org | undefined;

  constructor(portal: Partner, session: string, org?: Org) {
    super(portal.base, 'AGENT', portal.clientId, portal.clientSecret);
    this.portal = portal;
    this.session = session;
    this.org = org;
  }

  /** Another token: one lives two minutes. */
  override async login(): Promise<this> {
    const body = { session: this.session, ...(this.org && { organization: this.org }) };
    const answer = await this.portal.post(`${SESSIONS}/token`, body);
    assert.equal(answer.status, 200, answer.text);
    this.token = answer.json.token;
    return this;
  }
}

export class Portal {
  readonly world: World;
  readonly issuer: Issuer;
  readonly client: Partner;

  private constructor(world: World, issuer: Issuer, client: Partner) {
    this.world = world;
    this.issuer = issuer;
    this.client = client;
  }

  static async open(settings: Record<string, string> = {}): Promise<Portal> {
    const issuer = await Issuer.start();
    return Portal.at(await startHub({ HUB_OIDC_ISSUER: issuer.url, HUB_OIDC_CLIENT_ID: CLIENT, ...settings }), issuer);
  }

  /** Before a hub that runs already, which knows this provider. */
  static async at(world: World, issuer: Issuer): Promise<Portal> {
    return new Portal(world, issuer, await Portal.enrol(world));
  }

  static async enrol({ admin, url }: World): Promise<Partner> {
    const { clientId, clientSecret } = (await admin.post('/admin/v1/clients', { scope: 'PORTAL' })).json;
    return new Partner(url, 'PORTAL', clientId, clientSecret).login();
  }

  async stop(): Promise<void> {
    await this.world.stop();
    await this.issuer.stop();
  }

  /** What the hub answers when that person has signed in. */
  async signIn(email: string, person: Partial<Person> = {}): Promise<Called> {
    const texts = await this.issuer.texts({ sub: `sub of ${email}`, email, email_verified: true, ...person });
    return this.client.post(SESSIONS, texts);
  }

  /** An agent invited by ADMIN. */
  async invite(email: string, organization: Org, more: Record<string, unknown> = {}): Promise<Json> {
    const answer = await this.world.admin.post(AGENTS, { email, role: 'agent', organization, ...more });
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  }

  async session(email: string, person: Partial<Person> = {}): Promise<string> {
    const answer = await this.signIn(email, person);
    assert.equal(answer.status, 201, answer.text);
    return answer.json.session;
  }

  /** The same, signed in with two factors and at work. */
  async working(email: string, org: Org | undefined, person: Partial<Person> = {}): Promise<AgentCaller> {
    const session = await this.session(email, { acr: 'eidas1-mfa', ...person });
    return new AgentCaller(this.client, session, org).login();
  }

  /** Invited and at work. */
  async hired(email: string, org: Org, more: Record<string, unknown> = {}): Promise<AgentCaller> {
    await this.invite(email, org, more);
    return this.working(email, org);
  }
}

/** Whether an answer is the problem of that code. */
export function isProblem(answer: Called, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(answer.json.type, `/relais/v1/problems/${code}`);
}

/** Calls with a token that is not a partner's own. */
export const withToken = (url: string, token: string, path = ME): Promise<Called> => call(url, 'GET', path, { token });
