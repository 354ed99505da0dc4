import { it } from 'node:test';
import { check, fill } from './country.ts';

/** A twentieth of the country; all of it takes a minute: `./hub test telemetry/country` (country.e2e.ts). */
const RECIPIENTS = 460;

it('has no series more for the recipients it has', async () => check(await fill(RECIPIENTS), RECIPIENTS));
