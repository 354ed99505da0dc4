/** Licences of what we install: each must let us distribute the product under its own, MIT. Without network. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '#ops/place.ts';

/** Permissive licences without a condition on the product's own code (SPDX). One more is a decision of its own. */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
  'Zlib',
]);

/** Fonts under the SIL Open Font License: embedded in documents as they are, never changed nor sold by themselves. */
const fonts = /(^|\/)node_modules\/@expo-google-fonts\/[a-z0-9-]+$/;
const FONT_LICENCE = 'OFL-1.1';

/**
 * Tools under the Mozilla licence: it binds their own files, which we neither change nor ship. axe-core checks pages in
 * tests; lightningcss is Vite's, at build time.
 */
const tools = /(^|\/)node_modules\/(?:axe-core|lightningcss(?:-[a-z0-9-]+)?)$/;

/** Packages that tell their licence in a file only, which was read: path and version, for another one may tell another. */
const read: Readonly<Record<string, string>> = { 'node_modules/png-js@2.0.0': 'MIT' };

type Entry = { license?: string; version?: string; optional?: boolean; os?: string[] };
export type LicensedLock = { packages: Record<string, Entry> };

/** Whether an SPDX expression of at most one kind of operator lets us use the package. */
export function isAllowed(expression: string): boolean {
  const text = expression.replace(/^\((.*)\)$/, '$1');
  if (text.includes(' AND ')) return text.split(' AND ').every((one) => allowed.has(one));
  return text.split(' OR ').some((one) => allowed.has(one));
}

/**
 * Packages whose licence is not allowed, or not known. A build for another platform bears none in the lock, and is
 * not installed here: it has the licence of the package it belongs to, which is in the list.
 */
export function licenceFaults(lock: LicensedLock, installed: (path: string) => string | undefined): string[] {
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    if (path === '') return [];
    const licence = entry.license ?? installed(path) ?? read[`${path}@${entry.version}`];
    if (licence === undefined) return entry.optional && entry.os ? [] : [`${path} names no licence`];
    if (licence === 'MPL-2.0' && tools.test(path)) return [];
    if (fonts.test(path) && isAllowed(licence.replace(` AND ${FONT_LICENCE}`, ''))) return [];
    return isAllowed(licence) ? [] : [`${path}: ${licence} is not in the list of ops/checks/licences.ts`];
  });
}

function installedLicence(path: string): string | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(join(projectFolder, path, 'package.json'), 'utf8')).license;
    return typeof found === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}

export function checkLicences(): boolean {
  const lock = JSON.parse(readFileSync(join(projectFolder, 'package-lock.json'), 'utf8')) as LicensedLock;
  const faults = licenceFaults(lock, installedLicence);
  for (const fault of faults) console.error(`hub: ${fault}`);
  return faults.length === 0;
}
