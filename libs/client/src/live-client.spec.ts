import { EventEmitter } from 'node:events';
import { describe, expect, it, jest } from '@jest/globals';
import type { Attendance, CafeSeats } from '#contract';
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

/** A socket whose gateway the test plays: `sent` has the messages of the client, `push` sends one to it. */
class FakeSocket implements LiveSocket {
  connected = false;
  readonly sent: { event: string; message: unknown; acknowledge: (answer: object) => void }[] = [];
  readonly io = new EventEmitter();
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
  it('stores the counts with the highest version, from any source', () => {
    const socket = new FakeSocket();
    const client = new LiveClient(socket);
    let changes = 0;
    client.onCounts(() => {
      changes += 1;
    });
    socket.push('room:seats', { roomId: cafeId, version: 5, cafes: [counts(5, 3)] });
    client.mergeCounts([counts(4, 9)]);
    socket.push('room:seats', { roomId: cafeId, version: 5, cafes: [counts(5, 3)] });
    expect(client.counts(cafeId)?.taken).toBe(3);
    client.mergeCounts([counts(6, 4)]);
    expect([client.counts(cafeId)?.taken, changes]).toEqual([4, 2]);
  });

  it('requests every watched state when the connection opens, and nothing else', () => {
    const socket = new FakeSocket();
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

  it('ignores a list that is older than the last one, and reports a refusal', () => {
    const socket = new FakeSocket();
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
      releasableFrom: '2026-11-25T13:40:00.000Z',
      releases: [],
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

  /** A connected client that watches one room, with a clock that the test sets. */
  function watching() {
    const socket = new FakeSocket();
    let time = 1_000_000;
    let check = () => {};
    const everySecond = (run: () => void) => {
      check = run;
      return setTimeout(() => {}, 0);
    };
    let show = () => {};
    const client = new LiveClient(socket, {
      now: () => time,
      random: () => 0.5,
      everySecond,
      mayBeHalfOpen(run) {
        show = run;
      },
    });
    socket.connect();
    client.watchRoom(cafeId);
    const later = (milliseconds: number) => {
      for (let left = milliseconds; left > 0; left -= 1_000) {
        time += Math.min(1_000, left);
        check();
      }
    };
    const sleep = (milliseconds: number) => {
      time += milliseconds;
      check();
    };
    const answer = (request: number, state: object) => socket.sent[request]?.acknowledge(state);
    const accepted = { ok: true, seats: { roomId: cafeId, version: 1, cafes: [counts(1, 1)] } };
    return { socket, client, later, sleep, show: () => show(), answer, accepted };
  }

  it('sends a request again after a transient refusal, and not after another one', () => {
    const { socket, later, answer } = watching();
    answer(0, { ok: false, code: 'unavailable' });
    later(900);
    expect(socket.sent.length).toBe(1);
    later(200);
    expect(socket.sent.length).toBe(2);
    answer(1, { ok: false, code: 'room-not-found' });
    later(60_000);
    expect(socket.sent.length).toBe(2);
  });

  it('replaces a connection that does not answer, and keeps one that does', () => {
    const { socket, later, answer, accepted } = watching();
    let opened = 0;
    socket.on('connect', () => {
      opened += 1;
    });
    later(9_000);
    expect([opened, socket.sent.length]).toEqual([1, 2]);
    answer(1, accepted);
    later(60_000);
    expect([opened, socket.sent.length]).toEqual([1, 2]);
  });

  it('requests every watched state when its page becomes visible, and replaces a connection that does not answer within four seconds', () => {
    const { socket, show, later, answer, accepted } = watching();
    answer(0, accepted);
    let opened = 0;
    socket.on('connect', () => {
      opened += 1;
    });
    show();
    expect(socket.sent.length).toBe(2);
    answer(1, accepted);
    later(6_000);
    expect(opened).toBe(0);
    show();
    later(3_000);
    expect(opened).toBe(0);
    later(2_000);
    expect(opened).toBe(1);
  });

  it('connects at once when its page becomes visible and there is no connection', () => {
    const { socket, client, show } = watching();
    socket.disconnect();
    show();
    expect(client.connected).toBe(true);
  });

  it('measures the age of its counts from the last message of the gateway, not from the disconnect', () => {
    jest.useFakeTimers();
    try {
      const { socket, client } = watching();
      socket.io.emit('ping');
      const receivedAt = Date.now();
      jest.setSystemTime(receivedAt + 9_000);
      socket.disconnect();
      expect(client.staleSince).toBe(receivedAt);
    } finally {
      jest.useRealTimers();
    }
  });

  it('requests every watched state when the device wakes up', () => {
    const { socket, sleep, later, answer, accepted } = watching();
    answer(0, accepted);
    sleep(600_000);
    expect(socket.sent.length).toBe(2);
    answer(1, accepted);
    later(10_000);
    expect(socket.sent.length).toBe(2);
  });

  it('disconnects from a gateway that stops at a random moment, and shows its pushes until then', () => {
    const { socket, client, later, answer, accepted } = watching();
    answer(0, accepted);
    let opened = 0;
    socket.on('connect', () => {
      opened += 1;
    });
    socket.push('gateway:stopping', { reconnectWithinMs: 4_000 });
    later(1_900);
    socket.push('room:seats', { roomId: cafeId, version: 2, cafes: [counts(2, 2)] });
    expect([opened, client.counts(cafeId)?.taken]).toEqual([0, 2]);
    later(200);
    expect([opened, socket.sent.length]).toEqual([1, 2]);
  });

  it('calls the listener when the gateway pushes a change of the programme', () => {
    const { socket, client } = watching();
    const received: unknown[] = [];
    const unwatch = client.onProgrammeChanged((change) => received.push(change));
    socket.push('programme:changed', { eventId: 'one', cafeIds: ['1'], withinMs: 5 });
    unwatch();
    socket.push('programme:changed', { eventId: 'other' });
    expect(received).toEqual([{ eventId: 'one', cafeIds: ['1'], withinMs: 5, msAgo: 0 }]);
  });

  it('calls the registration listener whenever the connection opens', () => {
    const { socket, client } = watching();
    const received: unknown[] = [];
    client.onRegistration((registration) => received.push(registration));
    socket.push('registration', { id: 'one' });
    expect(received).toEqual([{ id: 'one' }]);
    client.reconnect();
    expect(received).toEqual([{ id: 'one' }, undefined]);
  });
});
