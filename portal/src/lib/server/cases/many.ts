/** The same for many cases: what it would do, and doing it. */
import { type Act, type Group, type Planned, planOf } from '#lib/bulk.ts';
import { hubQuery, type ListState } from '#lib/list.ts';
import { hasReceipt, receiptOf } from '#lib/receipt.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { type Asked, type Started, startBulk } from '#lib/server/hub/bulk.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { settings } from '#lib/server/settings.ts';
import type { Rules } from '#lib/transitions.ts';

export interface Choice {
  act: Act;
  state: ListState;
  /** null: all of the filter */
  cases: string[] | null;
  message: string;
  /** attribution only; '' : nobody */
  agent: string;
}

export interface Summary {
  total: number;
  /** cases it will be done to */
  done: number;
  /** the others, by their status */
  excluded: { status: string; cases: number }[];
  /** cases whose applicant gets a receipt */
  receipts: number;
}

async function ask(session: Session, choice: Choice, preview: boolean): Promise<{ started: Started; plan: Asked }> {
  const { act, state, cases, message, agent } = choice;
  const query = hubQuery(state);
  const named = cases === null ? {} : { cases };
  if (act === 'attribuer') {
    const plan = { ...named, assign: agent || null };
    return { started: await startBulk(session.token, query, plan, preview), plan };
  }
  const { groups } = await startBulk(session.token, query, { ...named, plan: [] }, true);
  const codes = new Set(groups.map(({ processCode }) => processCode));
  const rules = new Map<string, Rules & { name: string }>(
    await Promise.all(Array.from(codes, async (code) => [code, await processOf(session.token, code)] as const)),
  );
  const undoSeconds = act === 'accuser' ? 0 : settings().undoSeconds;
  const planned = planOf(act, groups, (code) => rules.get(code)!);
  const plan: Asked = {
    ...named,
    plan: act === 'accuser' ? withReceipts(session, planned, (code) => rules.get(code)!.name) : planned,
    undoSeconds,
    ...(message && { message }),
  };
  return { started: await startBulk(session.token, query, plan, preview), plan };
}

/** Citizens' requests are acknowledged with a receipt, in the name of the service that has them. */
const withReceipts = (session: Session, plan: Planned[], nameOf: (code: string) => string): Planned[] =>
  plan.flatMap((one) =>
    hasReceipt(one.processCode)
      ? session.places.map(({ key }) => ({
          ...one,
          organization: key,
          letter: receiptOf(
            { number: '{numero}', process: nameOf(one.processCode), received: '{recu}' },
            session.serviceOf(key),
          ),
        }))
      : [one],
  );

export async function summaryOf(session: Session, choice: Choice): Promise<Summary> {
  const { started, plan } = await ask(session, choice, true);
  const { total, groups, excluded } = started;
  const planned = ({ processCode, status }: Group) =>
    plan.plan?.some((one) => one.processCode === processCode && one.status === status) ?? excluded === 0;
  const left = new Map<string, number>();
  for (const group of groups) {
    if (!planned(group)) left.set(group.status, (left.get(group.status) ?? 0) + group.cases);
  }
  const others = plan.plan === undefined ? [] : Array.from(left, ([status, cases]) => ({ status, cases }));
  const receipts = groups
    .filter((group) =>
      plan.plan?.some(({ letter, ...one }) => letter && one.processCode === group.processCode && planned(group)),
    )
    .reduce((sum, { cases }) => sum + cases, 0);
  return { total, done: total - excluded, excluded: others, receipts };
}

/** The job's id. */
export async function launch(session: Session, choice: Choice): Promise<string> {
  const { started } = await ask(session, choice, false);
  return started.id!;
}
