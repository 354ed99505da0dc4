/** What an agent changes of itself. */
import { call } from './call.ts';

export interface Notice {
  processCode: string;
  frequency: 'each' | 'digest';
}

const PATH = '/relais/v1/agent';

export const changeAccount = (
  token: string,
  body: { quality: string | null; service: string | null },
): Promise<unknown> => call(PATH, { token, method: 'PATCH', body });

export const readNotices = async (token: string): Promise<Notice[]> =>
  (await call<{ notices: Notice[] }>(`${PATH}/notices`, { token })).notices;

export const putNotices = (token: string, notices: Notice[]): Promise<unknown> =>
  call(`${PATH}/notices`, { token, method: 'PUT', body: { notices } });
