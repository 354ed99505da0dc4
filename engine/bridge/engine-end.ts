import type { MessagePort } from 'node:worker_threads';
import type { Asker, Local } from '../local.ts';
import { arrived, Gathering, type Notice, type Returned, requestsIn } from './wire.ts';

/** Makes an API of another thread look to an engine as if it ran in its own. */
export function bridgeApi(port: MessagePort, local: Local): void {
  const returning = new Gathering<Returned>(port, () => ({ answers: [], diverted: [], doubted: [] }));
  const asker: Asker = {
    divert(partition, { command, replyTo }) {
      if (replyTo) returning.open.diverted.push([partition, command, replyTo.api, replyTo.ask]);
    },
    doubt({ replyTo }) {
      if (replyTo) returning.open.doubted.push([replyTo.api, replyTo.ask]);
    },
  };

  const passed = (text: string): void => {
    for (const [partition, { command, replyTo }, json] of requestsIn(text)) {
      if (replyTo === undefined) continue;
      const message = arrived(command, replyTo.api, replyTo.ask);
      if (!local.owner(partition)?.take(message, asker, json)) asker.divert(partition, message);
    }
  };
  const noticed = (notice: Notice): void => {
    if ('attached' in notice) {
      const api = notice.attached;
      local.attach(api, (items) => returning.open.answers.push([api, items]));
    } else if ('detached' in notice) local.detach(notice.detached);
  };
  port.on('message', (message: string | Notice) => {
    if (typeof message === 'string') passed(message);
    else noticed(message);
  });
  local.follow({
    owned: (partition) => port.postMessage({ owned: partition } satisfies Notice),
    disowned: (partition) => port.postMessage({ disowned: partition } satisfies Notice),
  });
}
