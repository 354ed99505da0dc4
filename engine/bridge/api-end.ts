import type { MessagePort } from 'node:worker_threads';
import type { Arrived } from '../domain/envelope.ts';
import type { Asker, Local, Owner } from '../local.ts';
import { arrived, encodeRequest, Gathering, joined, type Notice, type Returned } from './wire.ts';

/** Makes an engine of another thread look to an API as if it ran in its own: its partitions appear in `local`. */
export function bridgeEngine(port: MessagePort, local: Local): void {
  const passing = new Gathering<string[]>(port, () => [], joined);
  const askers = new Map<string, Asker>();
  const owners = new Map<number, Owner>();

  const returned = ({ answers, diverted, doubted }: Returned): void => {
    for (const [api, items] of answers) local.api(api)?.(items);
    for (const [partition, command, api, ask] of diverted)
      askers.get(api)?.divert(partition, arrived(command, api, ask));
    // An asker looks at nothing of a message in doubt but who asked.
    for (const [api, ask] of doubted) askers.get(api)?.doubt({ replyTo: { api, ask } } as Arrived);
  };
  const noticed = (notice: Notice): void => {
    if ('owned' in notice) {
      const partition = notice.owned;
      const owner: Owner = {
        take(message, asker) {
          if (message.replyTo === undefined) return false;
          askers.set(message.replyTo.api, asker);
          passing.open.push(encodeRequest(partition, message));
          return true;
        },
      };
      owners.set(partition, owner);
      local.own(partition, owner);
    } else if ('disowned' in notice) {
      const owner = owners.get(notice.disowned);
      if (owner) local.disown(notice.disowned, owner);
      owners.delete(notice.disowned);
    }
  };
  port.on('message', (message: string | Notice) => {
    if (typeof message === 'string') returned(JSON.parse(message) as Returned);
    else noticed(message);
  });
  local.follow({
    attached: (api) => port.postMessage({ attached: api } satisfies Notice),
    detached: (api) => port.postMessage({ detached: api } satisfies Notice),
  });
  // A thread that ended owns nothing: whoever asks goes by the mailbox.
  port.on('close', () => {
    for (const [partition, owner] of owners) local.disown(partition, owner);
  });
}
