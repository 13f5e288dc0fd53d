import { io, type Socket } from 'socket.io-client';
import { startGateway } from '../../apps/gateway/src/gateway.ts';
import { freePort } from '../../apps/local/src/ports.ts';
import { startWorker } from '../../apps/worker/src/worker.ts';
import { SESSION_COOKIE } from '../../libs/identity/src/index.ts';
import { createLogger, type RunningApp, readConfiguration } from '../../libs/platform/src/index.ts';
import { SECRET, startTestApi, type TestApi } from '../support/api.ts';
import { startTestMailbox, type TestMailbox, waitFor } from '../support/index.ts';
import { openSeats, type Seats } from '../support/seats.ts';

/** `npm run security` runs more requests and rounds than `npm test`. */
export const LONG = process.env.SECURITY_LONG === '1';

/** The API, the gateway and optionally the worker with a mailbox: in this process, on separate servers. */
export interface SecurityStack {
  api: TestApi;
  seats: Seats;
  gatewayUrl: string;
  workerUrl: string | undefined;
  mailbox: TestMailbox | undefined;
  /** Opens a live connection, as this attendee or without a session. */
  connect(as?: string, headers?: Record<string, string>): Promise<Socket>;
  stop(): Promise<void>;
}

export async function startSecurityStack(options: {
  environment?: Record<string, string>;
  withWorker?: boolean;
}): Promise<SecurityStack> {
  const mailbox = options.withWorker ? await startTestMailbox() : undefined;
  const [gatewayPort, workerPort] = [await freePort(), await freePort()];
  const environment = {
    GATEWAY_PORT: String(gatewayPort),
    WORKER_PORT: String(workerPort),
    SMTP_URL: mailbox?.url ?? 'smtp://127.0.0.1:1',
    ...options.environment,
  };
  const api = await startTestApi(environment);
  const configuration = readConfiguration({
    DATABASE_URL: api.testDatabase.url,
    REDIS_URL: api.redis.url,
    APP_SECRET: SECRET,
    PUBLIC_URL: api.url,
    ...environment,
  });
  const logger = createLogger({ name: 'security', level: 'silent' });
  const apps: RunningApp[] = [await startGateway(configuration, logger)];
  if (mailbox) apps.push(await startWorker(configuration, logger));
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  const sockets: Socket[] = [];
  return {
    api,
    seats: openSeats({ database: api.database, holdTtlMinutes: 30 }),
    gatewayUrl,
    workerUrl: mailbox && `http://127.0.0.1:${workerPort}`,
    mailbox,
    async connect(as, headers) {
      const cookie = as && `${SESSION_COOKIE}=${api.people.sessions.open(as).cookie}`;
      const socket = io(`${gatewayUrl}/live`, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        extraHeaders: { ...(cookie && { cookie }), ...headers },
      });
      sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.on('connect', resolve);
        socket.on('connect_error', reject);
      });
      return socket;
    },
    async stop() {
      for (const socket of sockets) socket.disconnect();
      await Promise.all(apps.map((app) => app.close()));
      await api.stop();
      await mailbox?.stop();
    },
  };
}

/** Waits until the gateway knows an event that was made after its start. */
export async function untilKnown(stack: SecurityStack, eventId: string): Promise<void> {
  const socket = await stack.connect();
  await waitFor(async () => (await socket.timeout(5_000).emitWithAck('event:watch', { eventId })).ok, {
    what: 'the gateway to know the event',
  });
  socket.disconnect();
}
