import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Registry } from 'prom-client';
import { routes as health } from '#api/routes/health.ts';
import { routes as metrics } from '#api/routes/metrics.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Fixture } from './fixture.ts';
import { once } from './raw.ts';

describe('what an orchestrator asks', () => {
  const reasons = { hub: [] as string[], blobs: [] as string[] };
  const registry = new Registry();
  let fixture: Fixture;
  before(async () => {
    const deps = {
      hub: { ready: async () => reasons.hub },
      blobs: { check: async () => reasons.blobs },
      metricsText: () => registry.metrics(),
    } as unknown as ApiDeps;
    fixture = await Fixture.start([...health(deps), ...metrics(deps)]);
    registry.registerMetric(fixture.server.meter as never);
  });
  after(() => fixture.server.close());

  it('is ready only when neither the engine nor the blobs say why not', async () => {
    assert.equal((await once(fixture.port, 'GET /health/ready')).body, '{"status":"ok","reasons":[]}');
    reasons.blobs = ['the blob folder belongs to another hub'];
    reasons.hub = ['65 of 65 partitions have no engine'];
    const answer = await once(fixture.port, 'GET /health/ready');
    assert.equal(answer.status, 503);
    assert.deepEqual(JSON.parse(answer.body), { status: 'unavailable', reasons: [...reasons.hub, ...reasons.blobs] });
    assert.equal((await once(fixture.port, 'GET /health/live')).status, 200, 'alive all the same');
  });

  it('reads what was counted, by template and never by path', async () => {
    const answer = await once(fixture.port, 'GET /metrics');
    assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.match(answer.body, /^# TYPE relais_http_request_seconds histogram$/m);
    assert.match(
      answer.body,
      /relais_http_request_seconds_count\{method="GET",route="\/health\/ready",status="503"\} 1/,
    );
    assert.equal(fixture.fresh, 0, 'no look at the referential: it must answer when Redis does not');
  });
});
