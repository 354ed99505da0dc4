import 'reflect-metadata';
import { container, type DependencyContainer, type InjectionToken, instancePerContainerCachingFactory } from 'tsyringe';
import type { Hub } from '#engine/client/hub.ts';
import type { Config } from '#engine/config.ts';
import { AccessCounts } from '#engine/telemetry/access.ts';
import { FeedCounts } from '#engine/telemetry/feed.ts';
import { buildInfo, HostGauges } from '#engine/telemetry/host.ts';
import { ListCounts } from '#engine/telemetry/lists.ts';
import { openLog } from '#engine/telemetry/log.ts';
import { type Counted, type Metrics, threadMetrics } from '#engine/telemetry/metrics.ts';
import { NativeCounts } from '#engine/telemetry/native.ts';
import { PushCounts } from '#engine/telemetry/push.ts';
import { RecipientGauges } from '#engine/telemetry/recipients.ts';
import { ServerGauges } from '#engine/telemetry/servers.ts';
import { ServiceCounts } from '#engine/telemetry/service.ts';
import { Tracer } from '#engine/telemetry/tracer.ts';
import { TrafficCounts } from '#engine/telemetry/traffic.ts';
import { accessFolder } from './access/days.ts';
import { accessKey } from './access/key.ts';
import { AccessLog } from './access/log.ts';
import { Notices } from './agents/notices.ts';
import { Provider } from './agents/provider.ts';
import { type Access, createAuth } from './auth/auth.ts';
import { Deliveries, type Downloads } from './blobs/download.ts';
import { type Intake, Uploads } from './blobs/intake.ts';
import type { BlobStore } from './blobs/store.ts';
import { Bulk } from './bulk/bulk.ts';
import { Exports } from './exports/exports.ts';
import { Census } from './feed/census.ts';
import { Readers } from './feed/readers.ts';
import { indexFolder } from './index/file.ts';
import { hearing } from './index/heard.ts';
import { Lists } from './index/lists.ts';
import { Marks } from './index/marks.ts';
import { Push } from './push/push.ts';
import { allRoutes } from './routes.ts';
import { Budget } from './server/budget.ts';
import type { ApiDeps, Log, MetricsText } from './server/deps.ts';
import { Server } from './server.ts';
import { openWebhooks, type Webhooks } from './webhooks/office.ts';

/** What an API process is made of: the only file that binds its parts together. */
const token = <T>(name: string): InjectionToken<T> => Symbol(name) as InjectionToken<T>;

export const PARTS = {
  config: token<Config>('config'),
  log: token<Log>('log'),
  metrics: token<Metrics>('metrics'),
  /** undefined: no collector is configured */
  tracer: token<Tracer | undefined>('tracer'),
  /** bytes of uploads in flight, shared by the server and the blob store */
  uploads: token<Budget>('uploads'),
  hub: token<Hub>('hub'),
  blobs: token<BlobStore>('blobs'),
  auth: token<Access>('auth'),
  intake: token<Intake>('intake'),
  downloads: token<Downloads>('downloads'),
  readers: token<Readers>('readers of feeds'),
  push: token<Push>('push'),
  /** what the API's process reads and asks without anybody of this process hearing of it */
  bareHub: token<Hub>('hub that nobody listens to'),
  lists: token<Lists | undefined>('lists of cases'),
  bulk: token<Bulk | undefined>('acts on many cases'),
  exports: token<Exports | undefined>('lists as files'),
  webhooks: token<Webhooks>('webhooks'),
  accessLog: token<AccessLog>('log of what agents read'),
  provider: token<Provider | undefined>('the agents’ provider'),
  notices: token<Notices | undefined>('e-mails to agents'),
  counts: token<ApiDeps['counts']>('figures of the native API and of the feed'),
  census: token<Census>('how recipients are'),
  metricsText: token<MetricsText>('metrics text'),
  deps: token<ApiDeps>('dependencies of the routes'),
  server: token<Server>('server'),
} as const;

const MB = 1024 * 1024;
/** Uploads received and not yet on disk: past this, new ones get 503. */
const UPLOAD_BYTES = 256 * MB;

/**
 * Parts without what must be opened first: `bareHub` and `blobs` are registered by whoever opened them.
 * @param others what the other threads of the process counted
 */
export function apiContainer(config: Config, others: () => Promise<Counted[]>): DependencyContainer {
  const parts = container.createChildContainer();
  const bind = <T>(part: InjectionToken<T>, make: (get: <P>(part: InjectionToken<P>) => P) => T): void => {
    parts.register(part, {
      useFactory: instancePerContainerCachingFactory((found) => make((other) => found.resolve(other))),
    });
  };
  bind(PARTS.config, () => config);
  bind(PARTS.log, () => openLog(config.logLevel, 'api'));
  bind(PARTS.metrics, () => threadMetrics(config.role));
  bind(PARTS.tracer, (get) => Tracer.open(config, get(PARTS.metrics).registry));
  bind(PARTS.uploads, () => new Budget(UPLOAD_BYTES));
  bind(PARTS.auth, (get) => createAuth(get(PARTS.hub), config));
  bind(PARTS.intake, (get) => {
    const { traffic } = get(PARTS.counts);
    return new Uploads(get(PARTS.blobs), undefined, (bytes) => traffic.file('in', bytes));
  });
  bind(PARTS.downloads, (get) => {
    const { traffic } = get(PARTS.counts);
    return new Deliveries(get(PARTS.blobs), (bytes) => traffic.file('out', bytes));
  });
  bind(PARTS.readers, (get) => new Readers(get(PARTS.hub)));
  bind(PARTS.lists, (get) => {
    if (!config.index) return undefined;
    const { registry } = get(PARTS.metrics);
    const parts = { hub: get(PARTS.bareHub), counts: ListCounts.of(registry), log: get(PARTS.log) };
    return new Lists({ ...parts, folder: indexFolder(config.data) }, new Marks(config.masterKey));
  });
  bind(PARTS.bulk, (get) => {
    const lists = get(PARTS.lists);
    if (lists === undefined) return undefined;
    const mine = () => lists.writes;
    return new Bulk({ hub: get(PARTS.hub), folder: indexFolder(config.data), mine, log: get(PARTS.log) });
  });
  bind(PARTS.exports, (get) => {
    const lists = get(PARTS.lists);
    if (lists === undefined) return undefined;
    return new Exports({ hub: get(PARTS.bareHub), lists, folder: indexFolder(config.data), log: get(PARTS.log) });
  });
  bind(PARTS.hub, (get) => {
    const [hub, lists] = [get(PARTS.bareHub), get(PARTS.lists)];
    return lists === undefined ? hub : hearing(hub, lists);
  });
  bind(
    PARTS.push,
    (get) =>
      new Push({
        hub: get(PARTS.hub),
        readers: get(PARTS.readers),
        auth: get(PARTS.auth),
        log: get(PARTS.log),
        counts: PushCounts.of(get(PARTS.metrics).registry),
        taken: (item) => get(PARTS.counts).service.taken(item, get(PARTS.hub).now()),
      }),
  );
  bind(PARTS.webhooks, (get) => {
    const { hub, metrics, log, tracer } = PARTS;
    return openWebhooks(get(hub), config, get(metrics), get(log), undefined, get(tracer));
  });
  bind(PARTS.counts, (get) => {
    const { registry } = get(PARTS.metrics);
    return {
      native: NativeCounts.of(registry),
      feed: FeedCounts.of(registry),
      service: ServiceCounts.of(registry),
      traffic: TrafficCounts.of(registry),
    };
  });
  bind(PARTS.census, (get) => {
    const recipients = RecipientGauges.of(get(PARTS.metrics).registry);
    return new Census(get(PARTS.hub), { feed: get(PARTS.counts).feed, recipients });
  });
  bind(PARTS.metricsText, (get) => {
    const metrics = get(PARTS.metrics);
    const { feed } = get(PARTS.counts);
    const census = get(PARTS.census);
    feed.watch(() => get(PARTS.readers).size);
    const servers = ServerGauges.of(metrics.registry);
    const host = new HostGauges(metrics.registry, config);
    buildInfo(metrics.registry);
    return async () => {
      const { asksInFlight, unowned, servers: redis, referential } = get(PARTS.hub);
      metrics.asks.set(asksInFlight());
      const [counted] = await Promise.all([
        others(),
        census.refresh(),
        host.refresh(),
        redis.look().then((nodes) => servers.found(nodes, config.durability.replicas)),
        unowned().then(
          (count) => servers.unowned.set(count),
          () => undefined,
        ),
        // A process nobody asks anything has not heard of secrets replaced since; without Redis it tells what it knows.
        referential.fresh().catch(() => undefined),
      ]);
      get(PARTS.webhooks).measure();
      return metrics.text(counted);
    };
  });
  bind(PARTS.accessLog, (get) => {
    const log = get(PARTS.log);
    return new AccessLog({
      folder: accessFolder(config.data),
      key: accessKey(config.masterKey),
      clock: Date.now,
      counts: AccessCounts.of(get(PARTS.metrics).registry),
      onError: (error) => log.error({ err: error }, 'access.unlogged'),
    });
  });
  bind(PARTS.provider, (get) => config.oidc && new Provider(config.oidc, () => get(PARTS.hub).now()));
  bind(PARTS.notices, (get) => {
    const lists = get(PARTS.lists);
    return lists && new Notices(get(PARTS.bareHub), lists, get(PARTS.log));
  });
  bind(PARTS.deps, (get) => ({
    hub: get(PARTS.hub),
    auth: get(PARTS.auth),
    blobs: get(PARTS.blobs),
    intake: get(PARTS.intake),
    downloads: get(PARTS.downloads),
    readers: get(PARTS.readers),
    lists: get(PARTS.lists),
    bulk: get(PARTS.bulk),
    exports: get(PARTS.exports),
    webhooks: get(PARTS.webhooks),
    access: get(PARTS.accessLog),
    provider: get(PARTS.provider),
    counts: get(PARTS.counts),
    census: get(PARTS.census),
    config,
    log: get(PARTS.log),
    metricsText: get(PARTS.metricsText),
  }));
  bind(PARTS.server, (get) => {
    const { tls, trustedProxies } = get(PARTS.config);
    const { referential } = get(PARTS.hub);
    const server = new Server({
      routes: allRoutes(get(PARTS.deps)),
      sockets: [get(PARTS.push)],
      gate: { fresh: () => referential.fresh(), auth: get(PARTS.auth) },
      log: get(PARTS.log),
      uploads: get(PARTS.uploads),
      tls,
      trustedProxies,
      tracer: get(PARTS.tracer),
    });
    get(PARTS.metrics).registry.registerMetric(server.meter as never);
    return server;
  });
  return parts;
}
