/** Texts of an organisation, for messages, requests and refusals. */
import { call } from './call.ts';
import { ask } from './together.ts';

export interface NewTemplate {
  kind: 'message' | 'request' | 'refusal';
  name: string;
  /** null: all démarches */
  processCode: string | null;
  text: string;
}

export interface Template extends NewTemplate {
  id: string;
  updated: string;
}

const PATH = '/relais/v1/templates';
const one = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

export const listTemplates = (token: string): Promise<Template[]> => ask(PATH, { token });

/** @throws HubProblem limit-reached */
export const addTemplate = (token: string, template: NewTemplate): Promise<Template> =>
  call(PATH, { token, method: 'POST', body: template });

export const putTemplate = (token: string, id: string, template: NewTemplate): Promise<Template> =>
  call(one(id), { token, method: 'PUT', body: template });

export const removeTemplate = (token: string, id: string): Promise<void> => call(one(id), { token, method: 'DELETE' });
