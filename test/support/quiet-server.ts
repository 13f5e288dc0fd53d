import { once } from 'node:events';
import net from 'node:net';

/** A proxy of a server (Redis, Postgres) that at some request takes what is sent and answers nothing any more. */
export interface QuietServer {
  url: string;
  /** Whether it fell silent. */
  quiet: boolean;
  /** Let everything through, what was held back first. */
  speak(): void;
  close(): Promise<void>;
}

/** @param falls told every request, as it is on the wire: the first of which it is true, and all after it, are held back. */
export async function startQuietServer(serverUrl: string, falls: (request: string) => boolean): Promise<QuietServer> {
  const ways = new URL(serverUrl);
  const { hostname, port } = ways;
  const open = new Set<net.Socket>();
  let held: (() => void)[] = [];
  let spoke = false;
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
      way.quiet ||= !spoke && falls(request.toString());
      if (way.quiet) held.push(() => server.write(request));
      else server.write(request);
    });
    server.pipe(client);
  });
  const way: QuietServer = {
    url: '',
    quiet: false,
    speak() {
      spoke = true;
      way.quiet = false;
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
  ways.port = String((proxy.address() as net.AddressInfo).port);
  way.url = ways.href;
  return way;
}
