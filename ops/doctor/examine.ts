/** Looks at a hub and its machine from all sides; changes nothing. */
import { join } from 'node:path';
import type { Config } from '#engine/config.ts';
import { openRedis } from '#ops/console/target.ts';
import { processesOf } from '#ops/processes.ts';
import { examineBackup } from './backup.ts';
import { examinePublic, examineTls } from './certificates.ts';
import { examineClock } from './clock.ts';
import { examineDisks } from './disk.ts';
import { attention, type Finding, fault } from './finding.ts';
import { examineFolders } from './folders.ts';
import { examineMachine } from './machine.ts';
import { examineMail, examinePorts, examineProvider } from './network.ts';
import { examineSettings } from './settings.ts';
import { examineRedis } from './store.ts';
import { examineVersions } from './versions.ts';

/** @param redisUrl '' when none is known */
export async function examine(env: NodeJS.ProcessEnv, data: string, redisUrl: string): Promise<Finding[]> {
  const { findings, config } = examineSettings(env, data, redisUrl);
  const processes = processesOf(data);
  const now = Date.now();
  const parts: (Finding[] | Promise<Finding[]>)[] = [
    findings,
    config === undefined ? [] : redis(redisUrl, config),
    [examineClock()],
    sure('disk', () =>
      examineDisks({ data, ...(config && { attachments: config.blobs, redis: join(data, 'redis') }) }),
    ),
    examineFolders(data, config?.tls ? [config.tls.key] : []),
    [examineBackup(data, now)],
    config?.tls ? examineTls(config.tls, now) : [],
    examineVersions(),
    examineMachine(processes),
  ];
  if (config !== undefined) {
    parts.push(examinePorts(config, processes), examineProvider(config), examineMail(config));
    if (config.publicUrl.startsWith('https:')) parts.push(examinePublic(config.publicUrl, now).then((one) => [one]));
    parts.push([antivirus()]);
  }
  return (await Promise.all(parts)).flat();
}

async function redis(url: string, config: Config): Promise<Finding[]> {
  if (url === '')
    return [
      attention('redis', 'no Redis has run on this folder yet', 'the first start brings one; or set HUB_REDIS_URL'),
    ];
  return await sure('redis', async () => {
    const client = await openRedis(url);
    try {
      return await examineRedis(client, config);
    } finally {
      await client.end();
    }
  });
}

/** What cannot be looked at is a finding too. */
const sure = (topic: string, look: () => Promise<Finding[]>): Promise<Finding[]> =>
  look().catch((error: Error) => [fault(topic, error.message, 'correct that, and ask again')]);

const antivirus = (): Finding =>
  attention('files', 'attachments are not scanned: this version knows no antivirus', 'recipients scan what they take');
