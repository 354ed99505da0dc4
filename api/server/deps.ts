import type { Logger } from 'pino';
import type { AccessLog } from '#api/access/log.ts';
import type { Provider } from '#api/agents/provider.ts';
import type { Access } from '#api/auth/auth.ts';
import type { Downloads } from '#api/blobs/download.ts';
import type { Intake } from '#api/blobs/intake.ts';
import type { BlobStore } from '#api/blobs/store.ts';
import type { Bulk } from '#api/bulk/bulk.ts';
import type { Exports } from '#api/exports/exports.ts';
import type { Census } from '#api/feed/census.ts';
import type { Readers } from '#api/feed/readers.ts';
import type { Lists } from '#api/index/lists.ts';
import type { Webhooks } from '#api/webhooks/office.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Config } from '#engine/config.ts';
import type { FeedCounts } from '#engine/telemetry/feed.ts';
import type { NativeCounts } from '#engine/telemetry/native.ts';
import type { ServiceCounts } from '#engine/telemetry/service.ts';
import type { TrafficCounts } from '#engine/telemetry/traffic.ts';

export type Log = Logger;

/** What `/metrics` answers: the process's registry in Prometheus text form. */
export type MetricsText = () => Promise<string>;

/** Everything a route file may use. */
export interface ApiDeps {
  hub: Hub;
  /** one per process: its caches serve the gate, the token endpoint and the clients' routes alike */
  auth: Access;
  /** whoever follows a feed through this process */
  readers: Readers;
  /** undefined: this hub keeps no index of cases */
  lists: Lists | undefined;
  /** the same */
  bulk: Bulk | undefined;
  /** the same */
  exports: Exports | undefined;
  webhooks: Webhooks;
  /** what agents read */
  access: AccessLog;
  /** of the agents; undefined: none is configured */
  provider: Provider | undefined;
  blobs: BlobStore;
  /** uploads: checks, stores, syncs */
  intake: Intake;
  /** downloads: digest and ranges */
  downloads: Downloads;
  counts: { native: NativeCounts; feed: FeedCounts; service: ServiceCounts; traffic: TrafficCounts };
  /** how recipients are with what waits for them */
  census: Census;
  config: Config;
  log: Log;
  metricsText: MetricsText;
}
