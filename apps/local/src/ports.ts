import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** An error that the user can correct. The program prints its message, one line, and ends with exit code 1. */
export class StartError extends Error {}

const LOOPBACK = '127.0.0.1';
const LOOK_AGAIN_MS = 50;

/** Returns a free port of the loopback interface. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function canListen(port: number, host: string): Promise<boolean> {
  const server = net.createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch (error) {
    // On a machine without IPv6, no program can listen on that address.
    return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '');
  } finally {
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  }
}

/**
 * Checks that all ports are free, on both addresses of `localhost`.
 * @param ports environment variable → port
 * @param withinMs how long to wait for a port in use, in milliseconds
 * @throws StartError with the first port in use and its variable
 */
export async function requireFreePorts(ports: Record<string, number>, withinMs = 0): Promise<void> {
  const deadline = Date.now() + withinMs;
  const isFree = async (port: number) => (await canListen(port, LOOPBACK)) && (await canListen(port, '::1'));
  const owners = new Map<number, string>();
  for (const [variable, port] of Object.entries(ports)) {
    const other = owners.get(port);
    if (other) throw new StartError(`Port ${port} is wanted twice: set ${other} and ${variable} to different ports.`);
    owners.set(port, variable);
    while (!(await isFree(port))) {
      if (Date.now() >= deadline)
        throw new StartError(`Port ${port} is taken: end what listens there, or set ${variable} to a free port.`);
      await sleep(LOOK_AGAIN_MS);
    }
  }
}
