import { Redis } from 'ioredis';
import { WebSocketServer } from 'ws';
import { SEAT_CHANNEL } from '#live';

/**
 * The reference: the same pushes over bare `ws`. It subscribes to the same feed, and sends the newest counts to all connections, at most
 * once in an interval. It has no rooms, sessions or limits, and does not find lost messages. Prints its port.
 */
const [redisUrl = '', roomId, intervalMs] = process.argv.slice(2);
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, maxPayload: 16 * 1024 });
server.on('listening', () => console.log((server.address() as { port: number }).port));
let newest: { version: number } | undefined;
let sent = 0;

const redis = new Redis(redisUrl);
redis.on('message', (_channel, text) => {
  // The JSON starts after the HMAC, which this server does not check.
  for (const counts of JSON.parse(text.slice(text.indexOf('{'))).seats)
    if (counts.version > (newest?.version ?? 0)) newest = counts;
});
await redis.subscribe(SEAT_CHANNEL);

setInterval(() => {
  if (!newest || newest.version === sent) return;
  sent = newest.version;
  const text = `42/live,${JSON.stringify(['room:seats', { roomId, version: newest.version, cafes: [newest] }])}`;
  for (const client of server.clients) client.send(text);
}, Number(intervalMs));
