/** `./hub setup`: by the time it runs, Node and the dependencies are there; Redis and the portal's build are what remains. */
import { complain, options } from '#ops/life.ts';
import { buildPortal } from '#ops/portal/build.ts';
import { redisBinary } from '#ops/redis/binary.ts';

try {
  options([]);
  const redis = process.env['HUB_REDIS_URL'] ? 'the server of HUB_REDIS_URL' : redisBinary();
  buildPortal((line) => console.error(`hub: ${line}`));
  console.log(`hub: ready (Node ${process.versions.node}, Redis: ${redis})`);
} catch (error) {
  process.exitCode = complain(error);
}
