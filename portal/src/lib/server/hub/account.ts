/** What an agent wishes to be told by e-mail. */
import { call } from './call.ts';

export interface Notice {
  processCode: string;
  frequency: 'each' | 'digest';
}

const PATH = '/relais/v1/agent';

export const readNotices = async (token: string): Promise<Notice[]> =>
  (await call<{ notices: Notice[] }>(`${PATH}/notices`, { token })).notices;

export const putNotices = (token: string, notices: Notice[]): Promise<unknown> =>
  call(`${PATH}/notices`, { token, method: 'PUT', body: { notices } });
