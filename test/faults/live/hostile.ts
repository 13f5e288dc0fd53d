import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { pick, type Random } from '../random.ts';

/** The target of hostile clients, and the ids that they know. */
export interface Target {
  ports: number[];
  roomId: string;
}

const watch = (roomId: string, id = '') => `42/live,${id}["room:watch",{"roomId":"${roomId}"}]`;
const unwatch = (roomId: string) => `42/live,1["room:unwatch",{"roomId":"${roomId}"}]`;

/** The kinds of hostile clients. Each sends its data over a connection that has joined the namespace. */
const ways: Record<string, (socket: WebSocket, target: Target, random: Random) => void> = {
  flood(socket, { roomId }) {
    for (let sent = 0; sent < 4_000; sent++) socket.send(watch(roomId, '7'));
  },
  watchAndUnwatch(socket, { roomId }) {
    for (let sent = 0; sent < 3_000; sent++) socket.send(sent % 2 ? unwatch(roomId) : watch(roomId, '7'));
  },
  oversize(socket, { roomId }) {
    socket.send(`42/live,["room:watch",{"roomId":"${roomId}","more":"${'x'.repeat(100_000)}"}]`);
  },
  binary(socket) {
    socket.send('451-/live,["room:watch",{"_placeholder":true,"num":0}]');
    socket.send(Buffer.from([4, 0, 255, 1]));
    socket.send(Buffer.alloc(1_000));
    socket.send('45999999999-/live,["room:watch",{"_placeholder":true,"num":-1}]');
  },
  malformed(socket, _ground, random) {
    const texts = [
      '',
      '4',
      '42',
      '42/live',
      '42/live,[',
      '42/live,{}',
      '42/live,[null]',
      '49',
      '5',
      '2probe',
      'x',
      '\0',
      '44/live,[]',
    ];
    socket.send(pick(random, texts));
  },
  unknown(socket) {
    for (const event of ['constructor', '__proto__', 'toString', 'connect', 'disconnect', 'newListener', 'error']) {
      socket.send(`42/live,3["${event}",{"roomId":1}]`);
    }
  },
  namespaces(socket) {
    for (let sent = 0; sent < 300; sent++)
      socket.send(pick(() => sent / 300, ['40', '40/admin,', '40/live,', '41/live,']));
  },
};

/** Runs one hostile client after the other, of as many kinds as the time allows. The answers do not matter. */
export async function harass(target: Target, random: Random, milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds;
  while (performance.now() < until) {
    const way = pick(random, Object.keys(ways));
    await Promise.all([badClient(target, random, way), halfRequest(pick(random, target.ports), random)]);
  }
}

async function badClient(target: Target, random: Random, way: string): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${pick(random, target.ports)}/socket.io/?EIO=4&transport=websocket`);
  socket.on('error', () => {});
  socket.on('open', () => socket.send('40/live,'));
  socket.on('message', (data) => {
    if (String(data).startsWith('40/live,')) ways[way]?.(socket, target, random);
  });
  await Promise.race([once(socket, 'close').catch(() => {}), sleep(100)]);
  socket.terminate();
}

async function halfRequest(port: number, random: Random): Promise<void> {
  const socket = net.connect({ host: '127.0.0.1', port });
  socket.on('error', () => {});
  socket.write(
    pick(random, [
      'GET /socket.io/?EIO=4 HTTP/1.1\r\nHost:',
      '\x16\x03\x01\x02\0',
      'POST / HTTP/1.1\r\n\r\n\r\n',
      '\0\0\0',
    ]),
  );
  await sleep(20);
  socket.destroy();
}

/** A client that watches and never reads, until it is stopped. */
export function neverReads(target: Target, port: number): () => void {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  socket.on('error', () => {});
  socket.on('open', () => socket.send('40/live,'));
  socket.on('message', (data) => {
    if (String(data).startsWith('40/live,')) socket.send(watch(target.roomId, '7'));
    else if (String(data).startsWith('43/live,')) socket.pause();
  });
  return () => socket.terminate();
}
