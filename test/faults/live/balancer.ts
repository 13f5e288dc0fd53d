import { once } from 'node:events';
import net from 'node:net';

/** A load balancer for several gateways: each connection goes to the next one that accepts it. */
export interface Balancer {
  port: number;
  close(): Promise<void>;
}

/** @param targets ports on 127.0.0.1. */
export async function startBalancer(targets: number[]): Promise<Balancer> {
  let turn = 0;
  const open = new Set<net.Socket>();

  function link(client: net.Socket, triesLeft: number): void {
    const target = net.connect({ host: '127.0.0.1', port: targets[turn++ % targets.length] as number });
    const refused = () => {
      if (triesLeft > 1) link(client, triesLeft - 1);
      else client.destroy();
    };
    target.once('error', refused);
    target.once('connect', () => {
      target.off('error', refused);
      for (const [one, other] of [
        [client, target],
        [target, client],
      ] as const) {
        one.on('error', () => {});
        one.on('close', () => other.destroy());
        one.pipe(other);
      }
    });
  }

  const server = net.createServer((client) => {
    open.add(client);
    client.on('error', () => {});
    client.on('close', () => open.delete(client));
    link(client, targets.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      for (const client of open) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
