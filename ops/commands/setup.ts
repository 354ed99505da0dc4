/** `./hub setup`: by the time it runs, Node and the dependencies are there; Redis is what remains. */
import { MissingRedis, redisBinary } from '#ops/redis/binary.ts';

try {
  const redis = process.env['HUB_REDIS_URL'] ? 'the server of HUB_REDIS_URL' : redisBinary();
  console.log(`hub: ready (Node ${process.versions.node}, Redis: ${redis})`);
} catch (error) {
  if (!(error instanceof MissingRedis)) throw error;
  console.error(`hub: ${error.message}`);
  process.exitCode = 1;
}
