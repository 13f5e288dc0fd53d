import { once } from 'node:events';
import net from 'node:net';

/** A way to a Redis that one day takes commands and answers none. */
export interface QuietRedis {
  url: string;
  /** Whether it fell silent. */
  quiet: boolean;
  /** Let everything through, what was held back first. */
  speak(): void;
  close(): Promise<void>;
}

/** @param falls told every request, as it is on the wire: the first of which it is true, and all after it, are held back. */
export async function startQuietRedis(redisUrl: string, falls: (request: string) => boolean): Promise<QuietRedis> {
  const ways = new URL(redisUrl);
  const { hostname, port } = ways;
  const open = new Set<net.Socket>();
  let held: (() => void)[] = [];
  let spoke = false;
  const server = net.createServer((client) => {
    const redis = net.connect(Number(port), hostname);
    for (const [one, other] of [
      [client, redis],
      [redis, client],
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
      if (way.quiet) held.push(() => redis.write(request));
      else redis.write(request);
    });
    redis.pipe(client);
  });
  const way: QuietRedis = {
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
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ways.port = String((server.address() as net.AddressInfo).port);
  way.url = ways.href;
  return way;
}
