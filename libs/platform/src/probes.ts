import type { FastifyInstance } from 'fastify';
import { BUILD_ID } from './build.ts';
import { type HealthCheck, readiness } from './health.ts';

/**
 * Adds `/health/live` (200 while the process runs, with the id of its build) and `/health/ready` (a `Readiness`: 200, or 503 if a part is
 * unavailable that the app needs).
 */
export function addProbes(server: FastifyInstance, options: { checks: HealthCheck[] }): void {
  server.get('/health/live', async () => ({ status: 'ok', build: BUILD_ID }));
  server.get('/health/ready', async (_request, reply) => {
    const ready = await readiness(options.checks);
    return reply
      .code(ready.status === 'unavailable' ? 503 : 200)
      .header('cache-control', 'no-store')
      .send(ready);
  });
}
