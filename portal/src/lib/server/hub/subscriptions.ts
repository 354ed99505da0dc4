/** What an organisation subscribes to. */
import { call } from './call.ts';

export interface Subscription {
  id: string;
  processCode: string;
  processName: string | null;
  status: 'Actif' | 'Inactif' | 'Suspendu' | 'Refusé';
  accessMode: 'PORTAIL' | 'API' | null;
  email: string | null;
  notificationFrequency: string;
  activateDateTime: string | null;
  rejectionReason: string | null;
}

export interface Change {
  status?: 'Actif' | 'Suspendu';
  activateDateTime?: string | null;
  accessMode?: 'PORTAIL' | 'API';
  email?: string | null;
  notificationFrequency?: 'unitaire' | 'aucune';
}

const PATH = '/relais/v1/subscriptions';

export const listSubscriptions = (token: string): Promise<Subscription[]> => call(PATH, { token });

/** A switch to the API notifies all unfinished cases again: it may take its time. ms */
const LONGEST_MS = 120_000;

/** @throws HubProblem conflict */
export const changeSubscription = (token: string, id: string, body: Change): Promise<Subscription> =>
  call(`${PATH}/${encodeURIComponent(id)}`, {
    token,
    method: 'PATCH',
    body,
    signal: AbortSignal.timeout(LONGEST_MS),
  });

/** Those of the démarches whose cases come to the organisation, or may. */
export const live = (all: readonly Subscription[]): Subscription[] => all.filter(({ status }) => status !== 'Refusé');
