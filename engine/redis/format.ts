import { FIRST_FORMAT, FORMATS, type Format } from '../domain/format.ts';
import { type Client, loadFunctions } from './connect.ts';
import { CONTROL } from './keys.ts';

/** The hub is written in a format this build does not read. */
export class UnfitFormat extends Error {
  constructor(format: Format) {
    const range = FORMATS.min === FORMATS.max ? `format ${FORMATS.max}` : `formats ${FORMATS.min} to ${FORMATS.max}`;
    super(
      format > FORMATS.max
        ? `the hub was finalised to format ${format}, this version reads ${range}: start a version that reads it, or restore a backup from before (docs/upgrade.md)`
        : `the hub is in format ${format}, this version reads ${range}: run a version between them first, and finalise its upgrade (docs/upgrade.md)`,
    );
    this.name = 'UnfitFormat';
  }
}

/** @throws UnfitFormat */
export function checkFormat(format: Format): void {
  if (format < FORMATS.min || format > FORMATS.max) throw new UnfitFormat(format);
}

/** Of a hub's description. */
export const formatOf = (meta: Record<string, string>): Format => Number(meta['format'] ?? FIRST_FORMAT);

/**
 * For who finds its functions gone: a server that is new or was started empty gets them again; one from which
 * finalising an upgrade took them does not, and who slept meanwhile wakes up without any.
 * @throws UnfitFormat
 */
export async function reloadFunctions(client: Client): Promise<void> {
  // In a cluster the hub's description may be away while other masters serve: Build looks again.
  const format = await client.hget(CONTROL.meta, 'format').catch(() => null);
  if (format !== null) checkFormat(Number(format));
  await loadFunctions(client);
}
