import 'reflect-metadata';
import { isMainThread } from 'node:worker_threads';
import { container, type DependencyContainer, type InjectionToken, instancePerContainerCachingFactory } from 'tsyringe';
import { LeaveLinks } from './client/leave.ts';
import { Seal } from './client/seal.ts';
import { Node, type NodeWatch } from './cluster/node.ts';
import type { Config } from './config.ts';
import type { Behaviour } from './domain/behaviour.ts';
import * as product from './domain/deciders/index.ts';
import type { Settings } from './domain/settings.ts';
import { openMailer } from './jobs/mail.ts';
import { jobRunner, type Unlink } from './jobs/runner.ts';
import type { Journal } from './journal/journal.ts';
import type { Local } from './local.ts';
import { Build } from './redis/builds.ts';
import { Calls } from './redis/calls.ts';
import { type Client, connect } from './redis/connect.ts';
import { Reads } from './redis/reads.ts';
import { type Log, openLog } from './telemetry/log.ts';
import { type Metrics, threadMetrics } from './telemetry/metrics.ts';
import { ServerGauges } from './telemetry/servers.ts';
import { Tracer } from './telemetry/tracer.ts';
import { nodeWatch } from './telemetry/watch.ts';

/** What the engine is made of: the only file that binds its parts together. */
const token = <T>(name: string): InjectionToken<T> => Symbol(name) as InjectionToken<T>;

export const PARTS = {
  config: token<Config>('config'),
  log: token<Log>('log'),
  metrics: token<Metrics>('metrics'),
  unlink: token<Unlink>('unlink'),
  /** turns, deliveries and leases */
  main: token<Client>('main connection'),
  reading: token<Client>('reading connection'),
  subscriber: token<Client>('subscriber'),
  calls: token<Calls>('calls'),
  reads: token<Reads>('reads'),
  build: token<Build>('build among others'),
  mailer: token<ReturnType<typeof openMailer> | undefined>('mailer'),
  /** undefined: no collector is configured */
  tracer: token<Tracer | undefined>('tracer'),
  watch: token<NodeWatch>('watch'),
  node: token<Node>('node'),
} as const;

/** Batches of turns on their way at once: one is decided while the other is on disk. */
const BATCHES_IN_FLIGHT = 2;
const MS_PER_S = 1_000;
const MAIL_FROM = 'Relais <ne-pas-repondre@relais.test>';

export function engineContainer(
  config: Config,
  unlink: Unlink,
  journal: Journal,
  local?: Local,
  behaviour: Behaviour = product,
): DependencyContainer {
  const parts = container.createChildContainer();
  const bind = <T>(part: InjectionToken<T>, make: (get: <P>(part: InjectionToken<P>) => P) => T): void => {
    parts.register(part, {
      useFactory: instancePerContainerCachingFactory((found) => make((other) => found.resolve(other))),
    });
  };
  const connection = (get: <P>(part: InjectionToken<P>) => P): Client =>
    connect(config.redisUrl, (error) => get(PARTS.log).warn({ error: error.message }, 'redis.error'));
  bind(PARTS.config, () => config);
  bind(PARTS.unlink, () => unlink);
  bind(PARTS.log, () => openLog(config.logLevel, 'engine'));
  bind(PARTS.metrics, () => threadMetrics(config.role, isMainThread ? 'main' : config.member));
  bind(PARTS.main, connection);
  bind(PARTS.reading, connection);
  bind(PARTS.subscriber, connection);
  bind(PARTS.calls, (get) => {
    const { calls } = ServerGauges.of(get(PARTS.metrics).registry);
    const { replicas } = config.durability;
    return new Calls(get(PARTS.main), BATCHES_IN_FLIGHT, replicas, (ms) => calls.observe(ms / MS_PER_S));
  });
  bind(PARTS.reads, (get) => new Reads(get(PARTS.reading)));
  bind(PARTS.build, (get) => new Build(get(PARTS.calls), 'engine', config.member));
  bind(PARTS.mailer, () => {
    if (config.smtpUrl === '') return undefined;
    const links = Seal.ofLinks(config.masterKey);
    const leaving = new LeaveLinks(config.masterKey);
    return openMailer(config.smtpUrl, MAIL_FROM, {
      url: config.portalUrl,
      open: (sealed) => links.open(sealed).toString(),
      leave: (agent) => leaving.make(agent, Date.now()),
    });
  });
  bind(PARTS.watch, (get) => nodeWatch(get(PARTS.log), get(PARTS.metrics), get(PARTS.tracer)));
  bind(PARTS.tracer, (get) => Tracer.open(config, get(PARTS.metrics).registry));
  bind(PARTS.node, (get) => {
    const [metrics, build] = [get(PARTS.metrics), get(PARTS.build)];
    const settings: Settings = {
      feedMs: config.feedMs,
      get format() {
        return build.format;
      },
    };
    const run = jobRunner(get(PARTS.mailer)?.send, unlink, (kind, outcome) => metrics.jobs.inc({ kind, outcome }));
    return new Node(
      config.member,
      behaviour,
      get(PARTS.calls),
      get(PARTS.reads),
      run,
      config.cellBytes,
      get(PARTS.watch),
      {},
      local,
      journal,
      settings,
    );
  });
  return parts;
}
