import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { APIServer } from '@maildev/api';
import { registerUI } from '@maildev/ui/server';
import { MailDev } from 'maildev';
import { privateFiles } from '../files.ts';

/** The maximum number of messages. The oldest are deleted first. */
const MESSAGES_MAX = 1_000;
const LOOPBACK = '127.0.0.1';
/** The host names of this machine for its browsers. */
const OWN_HOSTS = ['localhost', LOOPBACK, '[::1]'];
/** MailDev shows a message in a frame of its own page. No other page may frame it or read it. */
const HEADERS = {
  'x-frame-options': 'SAMEORIGIN',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
};

/** A mailbox that accepts and shows all messages: no message leaves this machine. */
export interface Mailbox {
  smtpUrl: string;
  /** The address of its pages, and of `GET /api/email`. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts the mailbox on 127.0.0.1, or on `listenAt` in a container that publishes its ports to that address only. Its messages are stored
 * in `folder`, so that the next start shows them too. It contains all sign-in links, so it refuses pages of other origins, over HTTP and
 * WebSocket, and requests with other host names (DNS rebinding).
 */
export async function startMailbox(options: {
  folder: string;
  smtpPort: number;
  webPort: number;
  listenAt?: string;
}): Promise<Mailbox> {
  const { listenAt = LOOPBACK } = options;
  const mailDirectory = path.resolve(options.folder);
  await privateFiles(mailDirectory);
  const server = new MailDev({
    smtp: options.smtpPort,
    ip: listenAt,
    disableWeb: true,
    mailDirectory,
    maxEmails: MESSAGES_MAX,
    silent: true,
  });
  const { storage, smtp } = await server.start();
  // MailDev's web server answers any origin, and has no option to refuse some.
  const pages = new APIServer({ storage, smtp, cors: { origin: false } });
  await pages.registerPlugins();
  await registerUI(pages.server);
  refuseOthers(pages.server.server, options.webPort);
  await pages.server.listen({ port: options.webPort, host: listenAt });
  return {
    smtpUrl: `smtp://${LOOPBACK}:${options.smtpPort}`,
    url: `http://localhost:${options.webPort}`,
    async stop() {
      await pages.stop();
      await server.stop();
    },
  };
}

/** Checks host and origin of each request and upgrade before the existing listeners run. */
function refuseOthers(http: Server, port: number): void {
  const hosts = OWN_HOSTS.map((host) => `${host}:${port}`);
  const origins = hosts.map((host) => `http://${host}`);
  const refusal = ({ headers }: IncomingMessage): string | undefined => {
    if (!hosts.includes(headers.host ?? '')) return '421 Misdirected Request';
    if (headers.origin !== undefined && !origins.includes(headers.origin)) return '403 Forbidden';
    // A request for an image or a script by another page has no Origin header. Following a link is allowed.
    const elsewhere = !['same-origin', 'none', undefined].includes(headers['sec-fetch-site'] as string | undefined);
    return elsewhere && headers['sec-fetch-mode'] !== 'navigate' ? '403 Forbidden' : undefined;
  };
  const taken = { request: http.listeners('request'), upgrade: http.listeners('upgrade') };
  http.removeAllListeners('request').removeAllListeners('upgrade');
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const refused = refusal(request);
    if (!refused) for (const listener of taken.request) listener.call(http, request, response);
    else response.writeHead(Number(refused.slice(0, 3)), { connection: 'close' }).end();
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = refusal(request);
    if (!refused) for (const listener of taken.upgrade) listener.call(http, request, socket, head);
    else socket.end(`HTTP/1.1 ${refused}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
}
