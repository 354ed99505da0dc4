import { it } from 'node:test';
import { check, fill } from './country.ts';

/** All recipients of the country. */
const RECIPIENTS = 9_200;

it('has no series more for 9,200 recipients', async () => check(await fill(RECIPIENTS), RECIPIENTS));
