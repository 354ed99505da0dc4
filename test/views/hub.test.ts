import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AgentCaller, isProblem, Portal } from '#test/agents/portal.ts';
import { MEAUX, ORLY } from '#test/contract/country.ts';
import { deposit } from '#test/contract/hub.ts';
import type { Json, Partner } from '#test/contract/wire.ts';

/** Filters of the list that were given a name. */

const VIEWS = '/relais/v1/views';

let portal: Portal;
let clerk: AgentCaller;
let colleague: AgentCaller;
before(async () => {
  portal = await Portal.open();
  clerk = await portal.hired('clerk@orly.test', ORLY);
  colleague = await portal.hired('colleague@orly.test', ORLY);
});
after(() => portal.stop());

const list = async (who: Partner): Promise<Json[]> => (await who.get(VIEWS)).json.items;
const names = async (who: Partner): Promise<string[]> => (await list(who)).map(({ name }) => name);

async function saved(who: Partner, name: string, more: Json = {}): Promise<Json> {
  const answer = await who.post(VIEWS, { name, filter: 'view=waiting', ...more });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

test('a view is its agent’s, until it is shared with the organisation', async () => {
  const view = await saved(clerk, '  À voir\n d’abord ');
  assert.match(view.slug, /^a-voir-d-abord-[0-9a-f]{4}$/);
  assert.equal(view.name, 'À voir d’abord');
  assert.deepEqual(await names(colleague), []);
  await clerk.patch(`${VIEWS}/${view.slug}`, { shared: true, name: 'À voir' });
  const [seen] = await list(colleague);
  assert.deepEqual([seen!.name, seen!.shared, seen!.by, seen!.changeable], ['À voir', true, 'clerk@orly.test', false]);
  isProblem(await colleague.patch(`${VIEWS}/${view.slug}`, { name: 'x' }), 403, 'forbidden');
  isProblem(await colleague.remove(`${VIEWS}/${view.slug}`), 403, 'forbidden');
  const stranger = await portal.hired('clerk@meaux.test', MEAUX);
  assert.deepEqual(await names(stranger), []);
  isProblem(await stranger.remove(`${VIEWS}/${view.slug}`), 404, 'not-found');
  assert.equal((await clerk.patch(`${VIEWS}/${view.slug}`, { shared: false })).status, 200);
  assert.deepEqual([await names(colleague), await names(clerk)], [[], ['À voir']]);
  assert.equal((await clerk.remove(`${VIEWS}/${view.slug}`)).status, 204);
  assert.deepEqual(await names(clerk), []);
});

test('an administrator tidies what is shared, and nothing that is not', async () => {
  const admin = await portal.hired('admin@orly.test', ORLY, { role: 'administrator' });
  const [own, shared] = [await saved(clerk, 'Mienne'), await saved(clerk, 'Commune', { shared: true })];
  isProblem(await admin.remove(`${VIEWS}/${own.slug}`), 404, 'not-found');
  assert.equal((await admin.remove(`${VIEWS}/${shared.slug}`)).status, 204);
  await clerk.remove(`${VIEWS}/${own.slug}`);
});

test('counts are those of the list, for who reads them', async () => {
  await deposit(portal.world.dgs);
  const view = await saved(clerk, 'Certificats', { filter: 'view=waiting&processCode=CERTDC', shared: true });
  const counted = (who: Partner) => list(who).then((views) => views.find(({ slug }) => slug === view.slug)?.total);
  const { total } = (await clerk.get('/relais/v1/cases?view=waiting&processCode=CERTDC')).json;
  assert.deepEqual(await counted(clerk), total);
  assert.ok(total.count > 0);
  const narrow = await portal.hired('narrow@orly.test', ORLY, { processCodes: ['EtatCivil'] });
  assert.deepEqual(await counted(narrow), { count: 0, exact: true });
});

test('one view is what an agent begins with', async () => {
  const [one, other] = [await saved(clerk, 'Une'), await saved(clerk, 'Autre')];
  const firsts = async () => (await list(clerk)).filter(({ first }) => first).map(({ slug }) => slug);
  await clerk.patch(`${VIEWS}/${one.slug}`, { first: true });
  await clerk.patch(`${VIEWS}/${other.slug}`, { first: false });
  assert.deepEqual(await firsts(), [one.slug]);
  await clerk.patch(`${VIEWS}/${other.slug}`, { first: true });
  assert.deepEqual(await firsts(), [other.slug]);
  await clerk.remove(`${VIEWS}/${other.slug}`);
  assert.deepEqual(await firsts(), []);
});

test('what no list takes is not kept, nor more than can be shown', async () => {
  for (const filter of ['view=nowhere', 'limit=3', 'status=X', 'q=%ff'])
    isProblem(await clerk.post(VIEWS, { name: 'x', filter }), 400, 'form-invalid');
  isProblem(await clerk.post(VIEWS, { name: '   ', filter: '' }), 400, 'form-invalid');
  const all = await portal.working('clerk@orly.test', undefined);
  isProblem(await all.post(VIEWS, { name: 'x', filter: '', shared: true }), 400, 'form-invalid');
  for (let n = (await list(colleague)).filter(({ shared }) => !shared).length; n < 30; n += 1)
    await saved(colleague, `Vue ${n}`);
  isProblem(await colleague.post(VIEWS, { name: 'x', filter: '' }), 409, 'limit-reached');
});
