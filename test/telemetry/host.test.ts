import { deepEqual, equal, ok } from 'node:assert/strict';
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { after, it } from 'node:test';
import { Registry } from 'prom-client';
import { endOf, HostGauges } from '#engine/telemetry/host.ts';
import { hasOpenssl, Pki } from '#test/security/pki.ts';

/** When certificates end, as a scrape reads it. */

const MS_PER_S = 1_000;
const skip = hasOpenssl() ? false : 'no openssl here';
const pki = skip === false ? new Pki() : undefined;
after(() => pki?.remove());

it('tells when a certificate ends, and when the one that replaced it does', { skip }, async () => {
  const { folder, path, issue } = pki as Pki;
  const served = path.call(pki, 'served.pem');
  issue.call(pki, 'later', 'ca', 'serverAuth', 90);
  const registry = new Registry();
  const tls = { cert: served, key: '', ca: '', clients: false } as never;
  const host = new HostGauges(registry, { data: folder, blobs: folder, tls });
  const shown = async (): Promise<number | undefined> => {
    await host.refresh();
    const { values } = (await registry.getSingleMetric('relais_certificate_expiry_timestamp_seconds')?.get()) ?? {};
    return values?.find(({ labels }) => labels['certificate'] === 'server')?.value;
  };
  equal(await shown(), undefined, 'there is none yet');
  const put = (name: string): number => {
    // as whoever renews one does: the file is never half written
    copyFileSync(path.call(pki, `${name}.pem`), `${served}.new`);
    renameSync(`${served}.new`, served);
    return (endOf(served) as number) / MS_PER_S;
  };
  const [soon, twice] = [put('server'), [await shown(), await shown()]];
  deepEqual(twice, [soon, soon]);
  const late = put('later');
  ok(late > soon);
  equal(await shown(), late);
  rmSync(served);
  equal(await shown(), late, 'what is known of one that is not there now');
});
