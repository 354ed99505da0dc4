/** Where the project lies on this machine. */
import { resolve } from 'node:path';

/** The folder of package.json. */
export const projectFolder = resolve(import.meta.dirname, '..');

/** Scratch of ./hub, ignored by git: Node, links, data of `start` and `demo`. */
export const hubFolder = resolve(projectFolder, '.hub');
