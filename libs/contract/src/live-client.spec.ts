import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Attendance, CafeSeats } from './index.ts';
import { LiveClient, type LiveSocket } from './live-client.ts';

const cafeId = '01a20b7e-760b-743e-bc7b-1c99d05743ad';
const eventId = '01a20b7e-760d-7f6c-8c8c-1999dc5a0a1a';
const counts = (version: number, taken: number): CafeSeats => ({
  cafeId,
  version,
  capacity: 10,
  taken,
  free: 10 - taken,
  waitlisted: 0,
  present: 0,
});

/** The other end of a socket: what was sent, and saying what it says. */
class OtherEnd implements LiveSocket {
  connected = false;
  readonly sent: { event: string; message: unknown; acknowledge: (answer: object) => void }[] = [];
  readonly #events = new EventEmitter();

  on(event: string, listener: (...args: unknown[]) => void) {
    this.#events.on(event, listener);
  }
  emit(event: string, message: unknown, acknowledge: (answer: object) => void) {
    this.sent.push({ event, message, acknowledge });
  }
  connect() {
    this.connected = true;
    this.#events.emit('connect');
  }
  disconnect() {
    this.connected = false;
    this.#events.emit('disconnect');
  }
  push(event: string, message: unknown) {
    this.#events.emit(event, message);
  }
}

describe('the live client', () => {
  it('keeps the counts with the highest version, wherever they come from', () => {
    const socket = new OtherEnd();
    const client = new LiveClient(socket);
    let changes = 0;
    client.onCounts(() => {
      changes += 1;
    });
    socket.push('room:seats', { roomId: cafeId, version: 5, cafes: [counts(5, 3)] });
    client.take([counts(4, 9)]);
    socket.push('room:seats', { roomId: cafeId, version: 5, cafes: [counts(5, 3)] });
    expect(client.counts(cafeId)?.taken).toBe(3);
    client.take([counts(6, 4)]);
    expect([client.counts(cafeId)?.taken, changes]).toEqual([4, 2]);
  });

  it('asks for everything that is watched whenever the connection is there again, and for nothing else', () => {
    const socket = new OtherEnd();
    const client = new LiveClient(socket);
    const unwatch = client.watchEvent(eventId);
    expect(socket.sent).toEqual([]);
    socket.connect();
    socket.sent[0]?.acknowledge({ ok: true, rooms: [{ roomId: cafeId, version: 1, cafes: [counts(1, 1)] }] });
    expect(client.counts(cafeId)?.taken).toBe(1);
    socket.disconnect();
    expect([client.connected, client.staleSince]).toEqual([false, expect.any(Number)]);
    socket.connect();
    unwatch();
    socket.disconnect();
    socket.connect();
    expect(socket.sent.map(({ event }) => event)).toEqual(['event:watch', 'event:watch', 'event:unwatch']);
  });

  it('shows no list older than one it showed, and tells of a refusal', () => {
    const socket = new OtherEnd();
    const client = new LiveClient(socket);
    socket.connect();
    const shown: number[] = [];
    const refused: string[] = [];
    const list = (version: number): Attendance => ({
      cafeId,
      version,
      capacity: 10,
      expected: 0,
      present: 0,
      waitlisted: 0,
      people: [],
    });
    client.watchAttendance(
      cafeId,
      ({ version }) => shown.push(version),
      (code) => refused.push(code),
    );
    socket.push('cafe:attendance', list(3));
    socket.push('cafe:attendance', list(2));
    socket.push('cafe:attendance', { ...list(9), cafeId: eventId });
    socket.sent[0]?.acknowledge({ ok: true, attendance: list(1) });
    socket.sent[0]?.acknowledge({ ok: false, code: 'not-allowed' });
    expect([shown, refused]).toEqual([[3], ['not-allowed']]);
  });
});
