/** `./hub start`: the product without demo data. */
import { withoutSecrets } from '#engine/redis/reach.ts';
import { live, options, portOption, say, WrongOption } from '#ops/life.ts';
import { roles, startServices, usualData } from '#ops/services.ts';

await live(async () => {
  const given = options(['role', 'data', 'port', 'host']);
  const role = roles.find((each) => each === (given['role'] ?? 'all'));
  if (!role) throw new WrongOption(`--role=${given['role']} is none of ${roles.join(' ')}`);
  const port = portOption(given['port']);
  const host = given['host'];
  const services = await startServices(
    {
      role,
      data: String(given['data'] ?? usualData),
      ...(port !== undefined && { port }),
      ...(host !== undefined && { host: String(host) }),
      env: process.env,
    },
    say,
  );
  // The first line of the output, for scripts: all else goes to the log.
  if (services.url) console.log(services.url);
  if (services.portal) console.log(services.url ? `portal on ${services.portal}` : services.portal);
  if (!services.url && services.redisUrl) console.log(`engine on ${withoutSecrets(services.redisUrl)}`);
  if (services.monitor) console.log(`health and metrics on ${services.monitor}`);
  return services;
});
