/** A process that delivers to webhooks and does nothing else, to be killed: `child.ts URL KEY`. Says its name, then goes on. */
import { openWebhooks } from '#api/webhooks/office.ts';
import { openHub } from '#engine/client/hub.ts';
import { openLog } from '#engine/telemetry/log.ts';
import { threadMetrics } from '#engine/telemetry/metrics.ts';
import { hubConfig, PACE } from './site.ts';

const [url, key] = process.argv.slice(2) as [string, string];
const config = hubConfig(url, Buffer.from(key, 'hex'));
const hub = await openHub(config, () => undefined);
const log = openLog('error', 'child');
const { dispatch } = openWebhooks(hub, { ...config, webhookPrivate: true }, threadMetrics('api'), log, PACE);
dispatch.start();
console.log(dispatch.name);
