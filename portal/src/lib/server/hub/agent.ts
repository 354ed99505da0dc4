/** Who the agent is, where they work, and for which démarches. */
import { call } from './call.ts';

export interface Place {
  /** `SI-…` */
  organization: string;
  name: string;
  role: string;
  /** null: all of the organisation's */
  processes: string[] | null;
}

export interface Agent {
  givenName: string;
  familyName: string;
  email: string;
  quality: string | null;
  service: string | null;
  signature: string;
  places: Place[];
}

export const readAgent = (token: string): Promise<Agent> => call<Agent>('/relais/v1/agent', { token });
