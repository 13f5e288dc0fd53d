import { createServer, type IncomingMessage, type RequestListener, ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import { BoundedLog } from './bounded-log.ts';
import type { Configuration } from './configuration.ts';
import { Connections } from './connections.ts';
import type { HealthCheck } from './health.ts';
import type { Metrics } from './metrics.ts';
import { addProbes } from './probes.ts';
import { securityHeaders } from './security-headers.ts';

/** How long the head of a request, and the whole request, may take to arrive, in milliseconds. */
const HEAD_WITHIN_MS = 8_000;
const REQUEST_WITHIN_MS = 10_000;
/** How often these limits are checked, in milliseconds. */
const CHECK_EVERY_MS = 1_000;
/** How long a connection may be idle between two requests, in milliseconds. */
const IDLE_MAX_MS = 10_000;
/** The maximum size of the head of a request, in bytes. */
const HEAD_MAX_BYTES = 16 * 1024;

/** The HTTP statuses for requests that the HTTP parser refuses, by error code; 400 for other codes. */
const statusesOfParser: Partial<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/**
 * The HTTP server of an app that answers only health requests: it reads no body. It is an abstract class, so that Nest can inject it by
 * class.
 */
export abstract class AppServer {
  abstract fastify: FastifyInstance;
  abstract connections: Connections;
  /** The log for lines that any client can cause repeatedly. It is flushed when the server closes. */
  abstract log: BoundedLog;
}

/**
 * Creates the server that limits the duration and the size of a request and for TCP connections, and with security headers on every answer.
 * @param options.connectionsMax the maximum number of TCP connections
 * @param options.pendingPerClientMax the maximum number of pending TCP connections of one client (see `Connections`)
 */
export function openAppServer(options: {
  configuration: Configuration;
  logger: ConstructorParameters<typeof BoundedLog>[0];
  metrics: Metrics;
  checks: HealthCheck[];
  connectionsMax: number;
  pendingPerClientMax: number;
}): AppServer {
  const { configuration, logger, checks } = options;
  const headers = Object.entries(securityHeaders(configuration));
  const log = new BoundedLog(logger);
  const connections = new Connections({
    max: options.connectionsMax,
    pendingPerClientMax: options.pendingPerClientMax,
    countClients: configuration.TRUSTED_PROXIES === 0,
    registry: options.metrics.registry,
    log,
  });
  const server = fastify({
    serverFactory: (answer) =>
      createServer(
        {
          headersTimeout: HEAD_WITHIN_MS,
          requestTimeout: REQUEST_WITHIN_MS,
          connectionsCheckingInterval: CHECK_EVERY_MS,
          keepAliveTimeout: IDLE_MAX_MS,
          maxHeaderSize: HEAD_MAX_BYTES,
          ServerResponse: withHeaders(headers),
        },
        answer as RequestListener,
      ),
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') connections.wasSlow();
      answerParserError(statusesOfParser[error.code ?? ''] ?? 400, socket, headers, error.code);
    },
  });
  connections.watch(server.server);
  server.addHook('onRequest', (request, reply, done) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
    if (reads && !hasBody) return done();
    // The answer closes the connection, so that the server does not read a body.
    void reply
      .code(reads ? 413 : 405)
      .header('connection', 'close')
      .header('allow', 'GET, HEAD')
      .send();
  });
  server.addHook('onClose', async () => log.flush());
  addProbes(server, { checks });
  return { fastify: server, connections, log };
}

/** A response class that sets these headers on every answer, including answers that socket.io writes without Fastify. */
function withHeaders(headers: [string, string][]): typeof ServerResponse {
  return class<Request extends IncomingMessage> extends ServerResponse<Request> {
    constructor(...args: ConstructorParameters<typeof ServerResponse<Request>>) {
      super(...args);
      for (const [name, value] of headers) this.setHeader(name, value);
    }
  };
}

function answerParserError(status: number, socket: Socket, headers: [string, string][], code?: string): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'content-length: 0', 'connection: close'];
  socket.write(`${[...head, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`);
  socket.destroySoon();
}
