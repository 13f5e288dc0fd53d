import type { Dashboard } from './live.ts';
import type { CafeSeats, RoomSeats } from './programme.ts';
import type { Attendance, Registration } from './registrations.ts';

/** What the client needs of a socket; socket.io-client's is one. */
export interface LiveSocket {
  connected: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of any event emitter
  on(event: string, listener: (...args: any[]) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of any event emitter
  emit(event: string, ...args: any[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

/** Stop watching. */
export type Unwatch = () => void;
type Refused = (code: string) => void;
interface Watch {
  event: string;
  message: object;
  /** What the acknowledgement gave; refusals go to `refused`. */
  accept: (answer: Record<string, unknown>) => void;
  refused?: Refused;
}

/**
 * The live side of the contract for a screen: it keeps, for each Café, the counts with the highest version, and asks again
 * for everything that is watched whenever the connection is there again.
 */
export class LiveClient {
  readonly #socket: LiveSocket;
  readonly #counts = new Map<string, CafeSeats>();
  readonly #watches = new Set<Watch>();
  readonly #countsListeners = new Set<() => void>();
  readonly #connectionListeners = new Set<() => void>();
  readonly #registrationListeners = new Set<(registration: Registration) => void>();
  readonly #attendanceListeners = new Set<(attendance: Attendance) => void>();
  readonly #dashboardListeners = new Set<(dashboard: Dashboard) => void>();
  #connected: boolean;
  #freshAt: number | undefined;

  constructor(socket: LiveSocket) {
    this.#socket = socket;
    this.#connected = socket.connected;
    socket.on('connect', () => {
      this.#setConnected(true);
      for (const watch of this.#watches) this.#ask(watch);
    });
    socket.on('disconnect', () => this.#setConnected(false));
    socket.on('room:seats', (room: RoomSeats) => this.take(room.cafes));
    socket.on('registration', (registration: Registration) => {
      for (const listener of this.#registrationListeners) listener(registration);
    });
    socket.on('cafe:attendance', (attendance: Attendance) => {
      for (const listener of this.#attendanceListeners) listener(attendance);
    });
    socket.on('dashboard', (dashboard: Dashboard) => {
      for (const listener of this.#dashboardListeners) listener(dashboard);
    });
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** When the connection was lost, in milliseconds since 1970; undefined while it is there. */
  get staleSince(): number | undefined {
    return this.#freshAt;
  }

  /** The newest counts of a Café that any message brought. */
  counts(cafeId: string): CafeSeats | undefined {
    return this.#counts.get(cafeId);
  }

  /** Take counts from anywhere (a push, an answer, a poll): what is older than what is known is dropped. */
  take(all: CafeSeats[]): void {
    let changed = false;
    for (const counts of all) {
      const known = this.#counts.get(counts.cafeId);
      if (known && known.version >= counts.version) continue;
      this.#counts.set(counts.cafeId, counts);
      changed = true;
    }
    if (changed) for (const listener of this.#countsListeners) listener();
  }

  watchEvent(eventId: string): Unwatch {
    return this.#watch({
      event: 'event',
      message: { eventId },
      accept: ({ rooms }) => this.take((rooms as RoomSeats[]).flatMap(({ cafes }) => cafes)),
    });
  }

  /** The newest list always; an older one than was shown is dropped. */
  watchAttendance(cafeId: string, onAttendance: (attendance: Attendance) => void, refused?: Refused): Unwatch {
    let version = -1;
    const take = (attendance: Attendance) => {
      if (attendance.cafeId !== cafeId || attendance.version < version) return;
      version = attendance.version;
      onAttendance(attendance);
    };
    this.#attendanceListeners.add(take);
    const unwatch = this.#watch({
      event: 'cafe',
      message: { cafeId },
      accept: ({ attendance }) => take(attendance as Attendance),
      refused,
    });
    return () => {
      this.#attendanceListeners.delete(take);
      unwatch();
    };
  }

  watchDashboard(eventId: string, onDashboard: (dashboard: Dashboard) => void, refused?: Refused): Unwatch {
    const take = (dashboard: Dashboard) => {
      if (dashboard.eventId === eventId) onDashboard(dashboard);
    };
    this.#dashboardListeners.add(take);
    const unwatch = this.#watch({
      event: 'dashboard',
      message: { eventId },
      accept: ({ dashboard }) => take(dashboard as Dashboard),
      refused,
    });
    return () => {
      this.#dashboardListeners.delete(take);
      unwatch();
    };
  }

  onCounts(listener: () => void): Unwatch {
    return added(this.#countsListeners, listener);
  }

  onConnection(listener: () => void): Unwatch {
    return added(this.#connectionListeners, listener);
  }

  onRegistration(listener: (registration: Registration) => void): Unwatch {
    return added(this.#registrationListeners, listener);
  }

  /** Connect anew, after signing in or out: a connection belongs to whoever opened it. */
  reconnect(): void {
    this.#socket.disconnect();
    this.#socket.connect();
  }

  #watch(watch: Watch): Unwatch {
    this.#watches.add(watch);
    if (this.#connected) this.#ask(watch);
    return () => {
      this.#watches.delete(watch);
      const same = [...this.#watches].some(
        ({ event, message }) => event === watch.event && JSON.stringify(message) === JSON.stringify(watch.message),
      );
      if (!same && this.#connected) this.#socket.emit(nameOf(watch.event, 'unwatch'), watch.message, () => {});
    };
  }

  #ask(watch: Watch): void {
    this.#socket.emit(
      nameOf(watch.event, 'watch'),
      watch.message,
      (answer: { ok: boolean; code?: string } & Record<string, unknown>) => {
        if (!this.#watches.has(watch)) return;
        if (answer.ok) watch.accept(answer);
        else watch.refused?.(answer.code ?? '');
      },
    );
  }

  #setConnected(connected: boolean): void {
    this.#connected = connected;
    this.#freshAt = connected ? undefined : Date.now();
    for (const listener of this.#connectionListeners) listener();
  }
}

function nameOf(event: string, verb: 'watch' | 'unwatch'): string {
  return event === 'cafe' ? `cafe:${verb}-attendance` : `${event}:${verb}`;
}

function added<Listener>(listeners: Set<Listener>, listener: Listener): Unwatch {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
