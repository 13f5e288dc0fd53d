import { once } from 'node:events';
import net from 'node:net';

/** A proxy of a server (Redis, Postgres) that stops answering at a chosen request. */
export interface QuietServer {
  url: string;
  /** Whether it stopped answering. */
  quiet: boolean;
  /** Sends the requests that it held back, and answers again. */
  resume(): void;
  close(): Promise<void>;
}

/**
 * @param stopsAt gets every request as it was sent. From the first request for which it returns true, all requests are held back.
 * @param changed changes each part of an answer
 */
export async function startQuietServer(
  serverUrl: string,
  stopsAt: (request: string) => boolean,
  changed: (answer: Buffer) => Buffer = (answer) => answer,
): Promise<QuietServer> {
  const address = new URL(serverUrl);
  const { hostname, port } = address;
  const open = new Set<net.Socket>();
  let held: (() => void)[] = [];
  let resumed = false;
  const proxy = net.createServer((client) => {
    const server = net.connect(Number(port), hostname);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
    client.on('data', (request) => {
      quietServer.quiet ||= !resumed && stopsAt(request.toString());
      if (quietServer.quiet) held.push(() => server.write(request));
      else server.write(request);
    });
    server.on('data', (answer: Buffer) => void client.write(changed(answer)));
  });
  const quietServer: QuietServer = {
    url: '',
    quiet: false,
    resume() {
      resumed = true;
      quietServer.quiet = false;
      for (const send of held) send();
      held = [];
    },
    async close() {
      for (const socket of open) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  address.port = String((proxy.address() as net.AddressInfo).port);
  quietServer.url = address.href;
  return quietServer;
}

/** The first bytes of the message in which Postgres sends its process number to a new connection: the type and the length. */
const BACKEND_KEY_DATA = Buffer.from([0x4b, 0, 0, 0, 12]);

/** A proxy of Postgres that changes the process number in this message, as connection poolers do. */
export function startPoolerLike(serverUrl: string): Promise<QuietServer> {
  return startQuietServer(
    serverUrl,
    () => false,
    (answer) => {
      const at = answer.indexOf(BACKEND_KEY_DATA);
      if (at >= 0) answer.writeInt32BE(answer.readInt32BE(at + 5) + 1, at + 5);
      return answer;
    },
  );
}
