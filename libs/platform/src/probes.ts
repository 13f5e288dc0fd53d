import type { FastifyInstance } from 'fastify';
import { type HealthCheck, readiness } from './health.ts';
import type { Metrics } from './metrics.ts';

/** What every app answers besides its work: `/health/live`, `/health/ready` and `/metrics`. */
export function addProbes(server: FastifyInstance, options: { checks: HealthCheck[]; metrics: Metrics }): void {
  server.get('/health/live', async () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) => {
    const ready = await readiness(options.checks);
    return reply
      .code(ready.status === 'unavailable' ? 503 : 200)
      .header('cache-control', 'no-store')
      .send(ready);
  });
  server.get('/metrics', async (_request, reply) =>
    reply.header('content-type', options.metrics.contentType).send(await options.metrics.text()),
  );
}
