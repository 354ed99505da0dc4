/** Asks a process of the hub for a page of its own. */
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';

/** As long as Prometheus waits: one that pours a season beside other work answers after seconds, and is seen to be busy, not away. */
const PATIENCE_MS = 10_000;
const OK = 200;
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export interface Page {
  status: number;
  text: string;
}

/** Nobody is in between on this machine: there a certificate may bear the public name only. @throws Error */
export function page(url: string, patienceMs = PATIENCE_MS): Promise<Page> {
  const { protocol, hostname } = new URL(url);
  const options = { timeout: patienceMs, rejectUnauthorized: !LOOPBACK.test(hostname), agent: false as const };
  return new Promise((resolve, reject) => {
    const asked = (protocol === 'https:' ? secure : plain)(url, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer in ${patienceMs / 1_000} s`)));
    asked.on('error', reject);
    asked.end();
  });
}

/** @throws Error unless it answers 200 */
export async function metricsText(url: string): Promise<string> {
  const { status, text } = await page(`${url}/metrics`);
  if (status !== OK) throw new Error(`/metrics answers ${status}`);
  return text;
}
