import { afterEach, describe, expect, it } from '@jest/globals';
import { openMetrics } from './metrics.ts';
import { type MetricsServer, serveMetrics } from './metrics-server.ts';

const metrics = openMetrics('test');
let server: MetricsServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(port = 0): Promise<string> {
  server = await serveMetrics({ METRICS_PORT: port, METRICS_HOST: '127.0.0.1' }, metrics);
  return `http://127.0.0.1:${server?.port}`;
}

describe('the metrics server', () => {
  it('answers GET /metrics with Prometheus text, and nothing else', async () => {
    const url = await start();
    const answer = await fetch(`${url}/metrics`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, metrics.contentType]);
    expect(await answer.text()).toMatch(/^process_cpu_user_seconds_total\{app="test"\} /m);
    for (const [method, path] of [
      ['POST', '/metrics'],
      ['GET', '/'],
      ['GET', '/health/live'],
    ]) {
      expect((await fetch(`${url}${path}`, { method })).status).toBe(404);
    }
  });

  it('does not listen when no port is set', async () => {
    expect(await serveMetrics({ METRICS_PORT: undefined, METRICS_HOST: '127.0.0.1' }, metrics)).toBeUndefined();
  });

  it('reports the port and the variable when the port is in use', async () => {
    await start();
    const port = server?.port ?? 0;
    await expect(serveMetrics({ METRICS_PORT: port, METRICS_HOST: '127.0.0.1' }, metrics)).rejects.toThrow(
      `Port ${port} is taken: set METRICS_PORT to a free port.`,
    );
  });
});
