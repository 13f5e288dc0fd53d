import http, { type RequestListener, type ServerOptions, STATUS_CODES } from 'node:http';
import net, { type Socket } from 'node:net';
import { defaultLocale, problemDocument } from '#contract';

/**
 * How long a request with its body may take to arrive, in milliseconds. Without this limit, a body that never ends would keep its
 * connection.
 */
const REQUEST_TIMEOUT_MS = 30_000;
/** How often this limit is checked, in milliseconds. */
const REQUEST_TIMEOUT_EVERY_MS = 5_000;
/** How long an idle connection stays open at the stop for a request that may be in transit, in milliseconds. */
const LAST_REQUEST_WITHIN_MS = 500;

/** The statuses for errors of the HTTP parser; 400 for all others. */
const statusesOfParser: Partial<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** The HTTP servers of an app, one for each address on which it listens. They stop without losing requests. */
export class HttpServers {
  readonly #servers: http.Server[] = [];
  #stopping = false;

  create(options: ServerOptions, listener: RequestListener): http.Server {
    const server = http.createServer(
      { requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: REQUEST_TIMEOUT_EVERY_MS, ...options },
      (request, response) => {
        // A request that arrives after the stop began is the last of its connection.
        if (this.#stopping) response.shouldKeepAlive = false;
        listener(request, response);
      },
    );
    this.#servers.push(server);
    return server;
  }

  /**
   * Accepts no more connections, answers the requests that were sent, and closes each connection after its answer or when it is idle.
   * `http.Server` would close idle connections immediately, and lose requests that were sent and not yet read.
   */
  async stop(): Promise<void> {
    this.#stopping = true;
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => net.Server.prototype.close.call(server, () => resolve())),
    );
    const closeIdle = () => {
      for (const server of this.#servers) server.closeIdleConnections();
    };
    const idle = setInterval(closeIdle, LAST_REQUEST_WITHIN_MS);
    await Promise.all(closed);
    clearInterval(idle);
  }
}

/** Sends a problem when the HTTP parser refuses a request. It is in the default language, because no header could be read. */
export function answerParserErrors(
  headers: Record<string, string>,
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status = statusesOfParser[error.code ?? ''] ?? 400;
    const body = JSON.stringify(problemDocument('invalid-request', defaultLocale, { status }));
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    socket.destroySoon();
  };
}
