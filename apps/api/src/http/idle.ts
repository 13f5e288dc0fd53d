import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How often connections are looked at, in milliseconds: an idle one is closed after once to twice as long. */
const LOOK_EVERY_MS = 60_000;

/**
 * Close the connections over which nothing came or went from one look to the next. Node would start and stop a timer for each
 * request, which costs a claim as much as reading its session does.
 */
export function closeIdle(server: Server, lookEveryMs = LOOK_EVERY_MS): void {
  const moved = new Map<Socket, number>();
  server.keepAliveTimeout = 0;
  server.on('connection', (socket: Socket) => {
    moved.set(socket, -1);
    socket.once('close', () => moved.delete(socket));
  });
  const looking = setInterval(() => {
    for (const [socket, before] of moved) {
      const now = socket.bytesRead + socket.bytesWritten;
      if (now === before) socket.destroy();
      else moved.set(socket, now);
    }
  }, lookEveryMs).unref();
  server.on('close', () => clearInterval(looking));
}
