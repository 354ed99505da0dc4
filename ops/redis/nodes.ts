/** The nodes of a running cluster, each with a connection of its own. */
import { connect, disconnect } from '#engine/redis/connect.ts';
import { NotDone } from '#ops/life.ts';

type Connection = ReturnType<typeof connect>;

export interface ClusterNode {
  id: string;
  /** host:port */
  at: string;
  host: string;
  port: number;
  master: boolean;
  /** slots it serves, both ends included */
  ranges: [from: number, to: number][];
  client: Connection;
}

/** Milliseconds. */
const AGREE_MS = 10_000;
const LOOK_MS = 20;

type Row = Omit<ClusterNode, 'client'>;

/** Lines of CLUSTER NODES: id, address, flags, master, pings, epoch, link, slots; open slots stand in brackets. */
export function parseNodes(text: string): Row[] {
  const rows: Row[] = [];
  for (const line of text.trim().split('\n')) {
    const [id, address, flags, , , , , , ...slots] = line.split(' ') as [string, string, string, ...string[]];
    if (/fail|noaddr|handshake/.test(flags.replace('fail?', ''))) continue;
    const at = address.replace(/@.*/, '');
    const [host, port] = [at.slice(0, at.lastIndexOf(':')), Number(at.slice(at.lastIndexOf(':') + 1))];
    const ranges = slots
      .filter((slot) => !slot.startsWith('['))
      .map((range): [number, number] => {
        const [from, to] = range.split('-').map(Number) as [number, number?];
        return [from, to ?? from];
      });
    rows.push({ id, at, host, port, master: flags.includes('master'), ranges });
  }
  return rows;
}

export const owns = ({ ranges }: Pick<Row, 'ranges'>, slot: number): boolean =>
  ranges.some(([from, to]) => slot >= from && slot <= to);

export class ClusterNodes {
  readonly all: readonly ClusterNode[];

  private constructor(all: readonly ClusterNode[]) {
    this.all = all;
  }

  /** @param url as HUB_REDIS_URL names the cluster */
  static async open(url: string): Promise<ClusterNodes> {
    const [first] = url.replace(/^cluster:/, '').split(',') as [string];
    const asked = connect(first, () => undefined);
    try {
      const rows = parseNodes(String(await asked.call('CLUSTER', 'NODES')));
      return new ClusterNodes(
        rows.map((row) => {
          const address = new URL(first);
          [address.hostname, address.port] = [row.host, String(row.port)];
          return { ...row, client: connect(String(address), () => undefined) };
        }),
      );
    } finally {
      await disconnect(asked);
    }
  }

  get masters(): readonly ClusterNode[] {
    return this.all.filter(({ master }) => master);
  }

  owner(slot: number): ClusterNode | undefined {
    return this.masters.find((node) => owns(node, slot));
  }

  /** Noted once a slot has changed hands. */
  moved(slot: number, to: ClusterNode): void {
    for (const node of this.all) {
      node.ranges = node.ranges.flatMap(([from, last]): [number, number][] => {
        if (slot < from || slot > last) return [[from, last]];
        const parts: [number, number][] = [
          [from, slot - 1],
          [slot + 1, last],
        ];
        return parts.filter(([a, b]) => a <= b);
      });
    }
    to.ranges.push([slot, slot]);
  }

  /**
   * Waits until every node that answers says that a slot is served by `id`: a replica that does not know it would not
   * serve it after a failover.
   */
  async agree(slot: number, id: string): Promise<void> {
    const deadline = performance.now() + AGREE_MS;
    for (const { client, at } of this.all) {
      for (;;) {
        const text = await client.call('CLUSTER', 'NODES').catch(() => undefined);
        if (text === undefined) break;
        const node = parseNodes(String(text)).find((row) => owns(row, slot));
        if (node?.id === id) break;
        if (performance.now() > deadline) throw new NotDone(`${at} does not know who serves slot ${slot}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(({ client }) => disconnect(client)));
  }
}
