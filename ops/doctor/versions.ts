/** Versions of what runs, and whether it is what the lock file says. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '#ops/place.ts';
import { isPortalBuilt } from '#ops/portal/build.ts';
import { attention, type Finding, fault, ok } from './finding.ts';

const TOPIC = 'versions';
/** The uWebSockets binary exists for one major; .ts files run without a flag from this minor on (hub). */
const NODE_MAJOR = 22;
const NODE_MINOR = 18;
const PATIENCE_MS = 10_000;

const read = (path: string): { version?: string; packages?: Record<string, { version?: string }> } =>
  JSON.parse(readFileSync(join(projectFolder, path), 'utf8'));

export function examineVersions(): Finding[] {
  return [node(), uWebSockets(), portal()];
}

export function node(version = process.versions.node): Finding {
  const [major, minor] = version.split('.').map(Number) as [number, number];
  if (major === NODE_MAJOR && minor >= NODE_MINOR)
    return ok(TOPIC, `Relais ${read('package.json').version}, Node ${version}`);
  return fault(
    TOPIC,
    `Node ${version}`,
    `${NODE_MAJOR}.${NODE_MINOR} or later of that major is needed: ./hub setup fetches it`,
  );
}

/** The binary is an optional dependency: npm takes its absence for a success. */
function uWebSockets(): Finding {
  const path = 'node_modules/uWebSockets.js';
  const wanted = read('package-lock.json').packages?.[path]?.version;
  if (!existsSync(join(projectFolder, path, 'package.json')))
    return fault(TOPIC, 'uWebSockets is not installed', './hub setup');
  const { version } = read(`${path}/package.json`);
  const { status, stderr } = spawnSync(process.execPath, ['-e', 'require("uWebSockets.js")'], {
    cwd: projectFolder,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
  if (status !== 0)
    return fault(
      TOPIC,
      `the uWebSockets binary does not load: ${stderr.split('\n')[0]}`,
      './hub setup, with this Node',
    );
  if (wanted !== undefined && wanted !== version)
    return attention(TOPIC, `uWebSockets ${version}, the lock file says ${wanted}`, './hub setup');
  return ok(TOPIC, `uWebSockets ${version}, its binary loads`);
}

function portal(): Finding {
  if (isPortalBuilt()) return ok(TOPIC, 'the portal is built from these sources');
  return attention(
    TOPIC,
    'the portal is not built from these sources',
    'the next start builds it; or ./hub setup before',
  );
}
