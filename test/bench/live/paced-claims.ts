import { once } from 'node:events';
import net from 'node:net';
import { claimPath } from '../seats/api-bench.ts';

const CONNECTIONS = 20;
const TICK_MS = 10;

/**
 * Sends a number of claims on one Café over HTTP each second, at even intervals. Each claim has the next cookie. Connections stay open.
 * @throws Error when an answer is not 201
 */
export async function claimAtPace(options: {
  apiOrigin: string;
  cafeId: string;
  cookies: string[];
  perSecond: number;
  seconds: number;
}): Promise<void> {
  const { apiOrigin, cafeId, cookies, perSecond, seconds } = options;
  const total = perSecond * seconds;
  if (cookies.length < total) throw new Error('there are fewer people than claims');
  const { hostname, port, host } = new URL(apiOrigin);
  let answered = 0;
  let wrong = '';
  const sockets = await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const socket = net.connect({ host: hostname, port: Number(port) });
      let tail = '';
      socket.on('data', (chunk) => {
        const text = tail + chunk.toString('latin1');
        for (const [, status] of text.matchAll(/HTTP\/1\.1 (\d{3})/g)) {
          answered += 1;
          if (status !== '201') wrong = text;
        }
        tail = /HTTP[^ ]* ?\d{0,2}$|HTT?$|H$/.exec(text)?.[0] ?? '';
      });
      await once(socket, 'connect');
      return socket;
    }),
  );
  const started = performance.now();
  let sent = 0;
  while (answered < total && wrong === '') {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * perSecond));
    for (; sent < due; sent++) {
      sockets[sent % CONNECTIONS]?.write(
        `POST ${claimPath(cafeId)} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n` +
          `Cookie: ${cookies[sent]}\r\n\r\n{}`,
      );
    }
    if (performance.now() - started > seconds * 1_000 + 10_000) wrong = `only ${answered} of ${total} answers came`;
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  for (const socket of sockets) socket.destroy();
  if (wrong) throw new Error(`The load went wrong: ${wrong}`);
}
