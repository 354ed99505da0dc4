/** `./hub setup`: by the time it runs, Node and the dependencies are there; Redis and the portal's build are what remains. */
import { buildPortal, PortalNotBuilt } from '#ops/portal/build.ts';
import { MissingRedis, redisBinary } from '#ops/redis/binary.ts';

try {
  const redis = process.env['HUB_REDIS_URL'] ? 'the server of HUB_REDIS_URL' : redisBinary();
  buildPortal((line) => console.error(`hub: ${line}`));
  console.log(`hub: ready (Node ${process.versions.node}, Redis: ${redis})`);
} catch (error) {
  if (!(error instanceof MissingRedis || error instanceof PortalNotBuilt)) throw error;
  console.error(`hub: ${error.message}`);
  process.exitCode = 1;
}
