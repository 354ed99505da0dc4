/** The kernel's settings that Redis and many connections need. */
import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { bytes } from '#ops/console/words.ts';
import type { HubProcess } from '#ops/processes.ts';
import { attention, type Finding, fault, ok, type ReadText } from './finding.ts';

const TOPIC = 'machine';
/** A socket a partner, a file an upload, and Redis: 9,200 recipients that stay connected, twice. */
const FILES_ATTENTION = 20_000;
const FILES_FAULT = 4_096;
/** Connections that wait to be accepted: a country that reconnects after a failover. */
const BACKLOG = 1_024;
const MEMORY_SHARE = 0.1;

export const readText: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** @param processes of the hub: their limits count, not this command's */
export function examineMachine(processes: readonly HubProcess[], read: ReadText = readText): Finding[] {
  const findings: Finding[] = [];
  const pids = processes.length > 0 ? processes.map(({ pid }) => String(pid)) : ['self'];
  for (const pid of pids) findings.push(...files(pid, read));
  const overcommit = read('/proc/sys/vm/overcommit_memory')?.trim();
  if (overcommit !== undefined)
    findings.push(
      overcommit === '1'
        ? ok(TOPIC, 'vm.overcommit_memory is 1')
        : attention(
            TOPIC,
            `vm.overcommit_memory is ${overcommit}: Redis may fail to rewrite its file`,
            'sysctl vm.overcommit_memory=1',
          ),
    );
  const pages = /\[(\w+)\]/.exec(read('/sys/kernel/mm/transparent_hugepage/enabled') ?? '')?.[1];
  if (pages !== undefined)
    findings.push(
      pages === 'always'
        ? attention(
            TOPIC,
            'transparent huge pages are always on: forks of Redis take memory and time',
            'echo madvise > /sys/kernel/mm/transparent_hugepage/enabled, at each boot',
          )
        : ok(TOPIC, `transparent huge pages: ${pages}`),
    );
  const backlog = Number(read('/proc/sys/net/core/somaxconn') ?? BACKLOG);
  if (backlog < BACKLOG)
    findings.push(attention(TOPIC, `net.core.somaxconn is ${backlog}`, `sysctl net.core.somaxconn=${BACKLOG}`));
  findings.push(memory(read));
  return findings;
}

function files(pid: string, read: ReadText): Finding[] {
  const limit = /^Max open files\s+(\d+|unlimited)/m.exec(read(`/proc/${pid}/limits`) ?? '')?.[1];
  if (limit === undefined) return [];
  const whose = pid === 'self' ? 'this shell' : `process ${pid}`;
  const what = `${whose} may open ${limit} files and sockets`;
  if (limit === 'unlimited' || Number(limit) >= FILES_ATTENTION) return [ok(TOPIC, what)];
  const todo = 'LimitNOFILE=65536 in its unit, or ulimit -n 65536 before ./hub start';
  return [Number(limit) < FILES_FAULT ? fault(TOPIC, what, todo) : attention(TOPIC, what, todo)];
}

function memory(read: ReadText): Finding {
  const available =
    Number(/^MemAvailable:\s+(\d+) kB/m.exec(read('/proc/meminfo') ?? '')?.[1] ?? 0) * 1_024 || freemem();
  const what = `${bytes(available)} of ${bytes(totalmem())} of memory available`;
  if (available > MEMORY_SHARE * totalmem()) return ok(TOPIC, what);
  return attention(TOPIC, what, 'see what takes it: docs/sizing.md says what the hub needs');
}
