import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { parseNodes } from '#ops/redis/nodes.ts';

/** As Redis 7 says them. */
const NODES = `07c3 127.0.0.1:30004@31004,host4 slave e7d1 0 1426238317239 4 connected
67ed 127.0.0.1:30002@31002 master - 0 1426238316232 2 connected 5461-10922 [93-<-292f]
292f 127.0.0.1:30003@31003 master - 0 1426238318243 3 connected
824f 127.0.0.1:30005@31005 master,fail - 0 1426238317741 5 disconnected 11000
e7d1 ::1:30001@31001 myself,master - 0 0 1 connected 0-5460 5999
`;

test('nodes of a cluster have their slots, and no other; a master may have none', () => {
  deepEqual(
    parseNodes(NODES).map(({ id, host, port, master, ranges }) => ({ id, host, port, master, ranges })),
    [
      { id: '07c3', host: '127.0.0.1', port: 30_004, master: false, ranges: [] },
      { id: '67ed', host: '127.0.0.1', port: 30_002, master: true, ranges: [[5_461, 10_922]] },
      { id: '292f', host: '127.0.0.1', port: 30_003, master: true, ranges: [] },
      {
        id: 'e7d1',
        host: '::1',
        port: 30_001,
        master: true,
        ranges: [
          [0, 5_460],
          [5_999, 5_999],
        ],
      },
    ],
  );
});
