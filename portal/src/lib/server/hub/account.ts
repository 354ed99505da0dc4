/** What an agent wishes to be told by e-mail. */
import { call } from './call.ts';
import { asPortal } from './sessions.ts';

export interface Notice {
  processCode: string;
  frequency: 'each' | 'digest';
}

const PATH = '/relais/v1/agent';

export const readNotices = async (token: string): Promise<Notice[]> =>
  (await call<{ notices: Notice[] }>(`${PATH}/notices`, { token })).notices;

export const putNotices = (token: string, notices: Notice[]): Promise<unknown> =>
  call(`${PATH}/notices`, { token, method: 'PUT', body: { notices } });

/** By the link of an e-mail, whoever reads it. @throws HubProblem link-gone */
export const leave = (link: string): Promise<unknown> => asPortal('/relais/v1/notices/leave', { link });
