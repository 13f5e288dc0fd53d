import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Configuration } from './configuration.ts';
import type { Metrics } from './metrics.ts';

/** The maximum number of connections: a few Prometheus servers. */
const CONNECTIONS_MAX = 20;
/** How long a request may take to arrive, and how often that is checked, in milliseconds. */
const REQUEST_WITHIN_MS = 5_000;
const CHECK_EVERY_MS = 1_000;

/** A server that answers `GET /metrics`, on a port of its own. */
export interface MetricsServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves the metrics of an app on `METRICS_PORT` of `METRICS_HOST`, separate from the port for clients. Returns undefined if `METRICS_PORT`
 * is not set.
 *
 * @throws Error with the port and the variable if the port is in use
 */
export async function serveMetrics(
  { METRICS_PORT: wanted, METRICS_HOST: host }: Pick<Configuration, 'METRICS_PORT' | 'METRICS_HOST'>,
  metrics: Metrics,
): Promise<MetricsServer | undefined> {
  if (wanted === undefined) return undefined;
  const server = createServer(
    {
      requestTimeout: REQUEST_WITHIN_MS,
      headersTimeout: REQUEST_WITHIN_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    (request, response) => {
      const known = request.method === 'GET' && request.url === '/metrics';
      const headers = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
      if (!known) {
        response.writeHead(404, { ...headers, connection: 'close' }).end();
        return;
      }
      metrics.text().then(
        (text) => response.writeHead(200, { ...headers, 'content-type': metrics.contentType }).end(text),
        () => response.writeHead(500, headers).end(),
      );
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  try {
    await once(server.listen(wanted, host), 'listening');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is taken' : 'cannot be used';
    throw new Error(`Port ${wanted} ${reason}: set METRICS_PORT to a free port.`, { cause: error });
  }
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
