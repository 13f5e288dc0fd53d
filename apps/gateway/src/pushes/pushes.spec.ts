import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Server as LiveIo } from 'socket.io';
import { WebSocket } from 'ws';
import type { RoomSeats } from '#contract';
import { waitFor } from '../../../../test/support/wait-for.ts';
import { type LiveNamespace, type LiveSocket, terminate } from '../connections/live-socket.ts';
import { Pushes } from './pushes.ts';

/** A state so large that a few of them fill the operating system's buffer for a client that does not read. */
const stateOf = (version: number): RoomSeats => ({ roomId: 'x'.repeat(1024 * 1024), version, cafes: [] });

let http: Server;
let io: LiveIo;
let namespace: LiveNamespace;
let registry: Registry;
let pushes: Pushes;
const readers: WebSocket[] = [];

beforeEach(async () => {
  http = createServer();
  io = new LiveIo(http, { perMessageDeflate: false });
  namespace = io.of('/live') as unknown as LiveNamespace;
  namespace.on('connection', (socket) => void socket.join('everybody'));
  registry = new Registry();
  pushes = new Pushes({ registry }, { cut: terminate });
  pushes.attach(namespace);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.terminate();
  await io.close();
});

/** Opens a client that has joined, with the versions that it receives. */
async function read(): Promise<{ reader: WebSocket; versions: number[] }> {
  const { port } = http.address() as AddressInfo;
  const reader = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  readers.push(reader);
  const versions: number[] = [];
  const joined = new Promise<void>((resolve) => {
    reader.on('message', (data) => {
      const text = String(data);
      if (text.startsWith('40/live,')) resolve();
      if (text.startsWith('42/live,')) versions.push(JSON.parse(text.slice('42/live,'.length))[1].version);
    });
  });
  reader.on('open', () => reader.send('40/live,'));
  await joined;
  return { reader, versions };
}

const push = (version: number, key = 'room') => pushes.push(['everybody'], key, 'room:seats', () => stateOf(version));

/** The output that waits in this process for the first connection: packets of engine.io, and bytes of its socket. */
function waiting(): { packets: number; bytes: number } {
  const { conn } = [...namespace.sockets.values()][0] as LiveSocket;
  const { transport, writeBuffer } = conn as unknown as {
    transport: { socket: { bufferedAmount: number } };
    writeBuffer: unknown[];
  };
  return { packets: writeBuffer.length, bytes: transport.socket.bufferedAmount };
}

async function replaced(): Promise<number> {
  const found = await registry.getSingleMetric('comptoir_pushes_replaced_total')?.get();
  return found?.values[0]?.value ?? 0;
}

describe('a client that does not read', () => {
  it('has one push in progress and the newest one waiting, and gets the newest when it reads again', async () => {
    const { reader, versions } = await read();
    reader.pause();
    const PUSHES = 60;
    for (let version = 1; version <= PUSHES; version++) {
      await push(version);
      expect(waiting().packets).toBe(0);
      expect(waiting().bytes).toBeLessThan(1.1 * 1024 * 1024);
    }
    expect(await replaced()).toBeGreaterThan(10);
    reader.resume();
    await waitFor(() => versions.at(-1) === PUSHES, { what: 'the last state' });
    expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other));
    expect(versions.length).toBe(PUSHES - (await replaced()));
  });

  it('gets the newest state of each key', async () => {
    const { reader, versions } = await read();
    reader.pause();
    for (let version = 1; version <= 40; version++) {
      await push(version, 'one');
      await push(1_000 + version, 'other');
    }
    reader.resume();
    await waitFor(() => versions.includes(40) && versions.includes(1_040), { what: 'both' });
    expect(versions.length).toBeLessThan(80);
  });
});

describe('a push', () => {
  it('reaches each connection of its rooms once, whatever its size, and in order', async () => {
    const [one, other] = await Promise.all([read(), read()]);
    for (const socket of namespace.sockets.values()) void socket.join('twice');
    for (const length of [10, 60, 200, 70_000]) {
      await pushes.push(['everybody', 'twice'], `of ${length}`, 'room:seats', () => ({
        roomId: 'x'.repeat(length),
        version: length,
        cafes: [],
      }));
    }
    for (const { versions } of [one, other]) {
      await waitFor(() => versions.length === 4, { what: 'all of them' });
      expect(versions).toEqual([10, 60, 200, 70_000]);
    }
  });

  it('is not encoded when no connection watches', async () => {
    let made = 0;
    await pushes.push(['nobody'], 'room', 'room:seats', () => {
      made += 1;
      return stateOf(1);
    });
    expect(made).toBe(0);
  });
});
