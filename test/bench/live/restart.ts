import { once } from 'node:events';
import { io } from 'socket.io-client';
import { LIVE_SOCKET_OPTIONS, LiveClient } from '../../../libs/client/src/index.ts';
import { startGateway } from './live-bench.ts';

/** The number of clients that watch an event while its only gateway is replaced. */
const CLIENTS = 1_000;
/** The bench fails when a client has no new connection after this time, in milliseconds. */
const BACK_WITHIN_MS = 60_000;

/**
 * Measures how long clients have no counts while the only gateway stops (SIGTERM) and a new one starts on its port.
 * @returns the 99th percentile over the clients, in milliseconds from the loss of the connection to the answer of the new gateway
 */
export async function measureRestart(environment: Record<string, string>, eventId: string): Promise<number> {
  const first = await startGateway(environment);
  const sockets = Array.from({ length: CLIENTS }, () =>
    io(`http://127.0.0.1:${first.port}/live`, { ...LIVE_SOCKET_OPTIONS, forceNew: true }),
  );
  const clients = sockets.map((socket) => new LiveClient(socket));
  let second: typeof first | undefined;
  try {
    const awayMs: number[] = [];
    const answered = () => Promise.all(clients.map((client) => untilAnswered(client, eventId)));
    await answered();
    const back = clients.map(async (client) => {
      const lostAt = await untilLost(client);
      await untilAnswered(client, eventId);
      awayMs.push(performance.now() - lostAt);
    });
    const ended = once(first.child, 'exit');
    first.child.kill('SIGTERM');
    await ended;
    second = await startGateway({ ...environment, GATEWAY_PORT: String(first.port) });
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('Some clients did not come back.')), BACK_WITHIN_MS).unref();
    });
    await Promise.race([Promise.all(back), late]);
    return Math.round(awayMs.toSorted((one, other) => one - other)[Math.ceil(CLIENTS * 0.99) - 1] as number);
  } finally {
    for (const client of clients) client.close();
    await first.stop();
    await second?.stop();
  }
}

function untilAnswered(client: LiveClient, eventId: string): Promise<void> {
  return new Promise((resolve) => {
    let stopListening = () => {};
    const unwatch = client.watchEvent(eventId);
    stopListening = client.onProgrammeChanged((change) => {
      if (change.eventId !== eventId) return;
      stopListening();
      unwatch();
      resolve();
    });
  });
}

function untilLost(client: LiveClient): Promise<number> {
  return new Promise((resolve) => {
    const stopListening = client.onConnection(() => {
      if (client.connected) return;
      stopListening();
      resolve(performance.now());
    });
  });
}
