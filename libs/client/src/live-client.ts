import type {
  Attendance,
  CafeSeats,
  Dashboard,
  GatewayStopping,
  LiveRefusal,
  ProgrammeChanged,
  Registration,
  RoomSeats,
} from '#contract';

/** If the clock jumps by more than this, in milliseconds, the device was asleep, and the client requests every watched state again. */
const ASLEEP_MS = 5_000;
/** How long an answer may take, in milliseconds. After that the client opens a new connection. */
const ANSWER_WITHIN_MS = 8_000;
/** The same after `mayBeHalfOpen`. It is shorter, because the person looks at the page. */
const CHECK_WITHIN_MS = 4_000;
/** The pause after a transient refusal before the client sends the request again, in milliseconds: 0.5 to 1.5 times this value. */
const RETRY_MS = 1_000;
/** The codes of transient refusals. */
const TRANSIENT = new Set<LiveRefusal['code']>(['unavailable', 'too-many-requests', 'internal-error']);

/**
 * The options of the socket.io client. It reconnects without a limit of attempts, at random moments within these bounds (milliseconds), so that
 * many clients do not reconnect at once. It tries long polling if the network blocks WebSockets.
 */
export const LIVE_SOCKET_OPTIONS = {
  withCredentials: true,
  transports: ['websocket', 'polling'],
  tryAllTransports: true,
  reconnectionDelay: 300,
  reconnectionDelayMax: 1_500,
  randomizationFactor: 0.5,
} satisfies Record<string, unknown>;

/** The members of a socket that the client uses. A socket of socket.io-client has them. */
export interface LiveSocket {
  connected: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of any event emitter
  on(event: string, listener: (...args: any[]) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of any event emitter
  emit(event: string, ...args: any[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
  /** The manager of the socket, which emits `ping` for each heartbeat of the gateway. */
  io?: { on(event: 'ping', listener: () => void): unknown };
}

/** A change of a programme, and the time since it in milliseconds. Without `cafeIds`, any Café of the event may have changed. */
export type ProgrammeChange = ProgrammeChanged & { msAgo: number };

/** Stops watching. */
export type Unwatch = () => void;
type Refused = (code: string) => void;
interface Watch {
  event: string;
  message: object;
  /** Called with the acknowledgement; `refused` is called with a refusal. */
  accept: (answer: Record<string, unknown>) => void;
  refused?: Refused;
  /** When the last request was sent, while it is not answered; by the client's clock. */
  requestedAt?: number;
  /** When the request is sent again after a transient refusal; by the client's clock. */
  retryAt?: number;
}

interface LiveClientOptions {
  /**
   * Calls `run` whenever the connection may be half open: a page does so when it becomes visible and when the network is back. The client then
   * requests every watched state, and opens a new connection if no answer comes within four seconds. Without a connection it connects at once.
   */
  mayBeHalfOpen?: (run: () => void) => void;
  // Only tests set the other options.
  /** A clock in milliseconds that continues while the device sleeps. */
  now?: () => number;
  /** Returns a number from 0 to 1. */
  random?: () => number;
  /** Calls `run` every second. */
  everySecond?: (run: () => void) => ReturnType<typeof setInterval>;
}

/**
 * The client of the live messages for a screen. It stores the counts with the highest version of each Café. It requests every watched state
 * again when the connection opens, when the device wakes up, and after a transient refusal. It opens a new connection when the old one does not
 * answer, and when the gateway stops.
 */
export class LiveClient {
  readonly #socket: LiveSocket;
  readonly #counts = new Map<string, CafeSeats>();
  readonly #watches = new Set<Watch>();
  readonly #countsListeners = new Set<() => void>();
  readonly #connectionListeners = new Set<() => void>();
  readonly #programmeListeners = new Set<(change: ProgrammeChange) => void>();
  readonly #registrationListeners = new Set<(registration?: Registration) => void>();
  readonly #attendanceListeners = new Set<(attendance: Attendance) => void>();
  readonly #dashboardListeners = new Set<(dashboard: Dashboard) => void>();
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #timer: ReturnType<typeof setInterval>;
  #connected: boolean;
  #staleSince: number | undefined;
  /** When the last message of the gateway arrived, in milliseconds since 1970. */
  #receivedAt = Date.now();
  /** Whether the pending requests were sent because of `mayBeHalfOpen`. */
  #checking = false;
  #checkedAt: number;
  /** When to disconnect from a gateway that stops. */
  #disconnectAt: number | undefined;

  constructor(
    socket: LiveSocket,
    { now = Date.now, random = Math.random, everySecond = defaultEverySecond, mayBeHalfOpen }: LiveClientOptions = {},
  ) {
    this.#socket = socket;
    this.#now = now;
    this.#random = random;
    this.#checkedAt = now();
    this.#connected = socket.connected;
    socket.on('connect', () => {
      this.#disconnectAt = undefined;
      this.#setConnected(true);
      this.#requestAll();
      // The gateway does not repeat the registrations that it pushed while there was no connection.
      for (const listener of this.#registrationListeners) listener();
    });
    socket.on('disconnect', () => this.#setConnected(false));
    socket.io?.on('ping', () => this.#recordMessage());
    socket.on('room:seats', (room: RoomSeats) => {
      this.#recordMessage();
      this.mergeCounts(room.cafes);
    });
    socket.on('programme:changed', (change: ProgrammeChanged) => {
      for (const listener of this.#programmeListeners) listener({ ...change, msAgo: 0 });
    });
    socket.on('registration', (registration: Registration) => {
      for (const listener of this.#registrationListeners) listener(registration);
    });
    socket.on('cafe:attendance', (attendance: Attendance) => {
      for (const listener of this.#attendanceListeners) listener(attendance);
    });
    socket.on('dashboard', (dashboard: Dashboard) => {
      for (const listener of this.#dashboardListeners) listener(dashboard);
    });
    socket.on('gateway:stopping', ({ reconnectWithinMs }: GatewayStopping) => {
      this.#disconnectAt = this.#now() + this.#random() * reconnectWithinMs;
      unref(setTimeout(() => this.#inspect(), this.#disconnectAt - this.#now() + 1));
    });
    this.#timer = everySecond(() => this.#inspect());
    mayBeHalfOpen?.(() => this.#checkNow());
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** When the last message of the gateway arrived, in milliseconds since 1970; undefined while the connection is open. */
  get staleSince(): number | undefined {
    return this.#staleSince;
  }

  #recordMessage(): void {
    this.#receivedAt = Date.now();
  }

  /** Returns the newest known counts of a Café. */
  counts(cafeId: string): CafeSeats | undefined {
    return this.#counts.get(cafeId);
  }

  /** Adds counts from any source (a push, an answer, a poll). Ignores those that are not newer than the known ones. */
  mergeCounts(all: CafeSeats[]): void {
    let changed = false;
    for (const counts of all) {
      const known = this.#counts.get(counts.cafeId);
      if (known && known.version >= counts.version) continue;
      this.#counts.set(counts.cafeId, counts);
      changed = true;
    }
    if (changed) for (const listener of this.#countsListeners) listener();
  }

  watchRoom(roomId: string): Unwatch {
    return this.#watch({
      event: 'room',
      message: { roomId },
      accept: ({ seats }) => this.mergeCounts((seats as RoomSeats).cafes),
    });
  }

  watchEvent(eventId: string): Unwatch {
    return this.#watch({
      event: 'event',
      message: { eventId },
      accept: ({ rooms, changedMsAgo }) => {
        this.mergeCounts((rooms as RoomSeats[]).flatMap(({ cafes }) => cafes));
        for (const listener of this.#programmeListeners) listener({ eventId, msAgo: changedMsAgo as number });
      },
    });
  }

  /** Watches the attendance list of a Café. A list that is older than the last one is ignored. */
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

  /**
   * Calls the listener when the state, waitlist, room or time of Cafés of a watched event changed, and whenever the client begins to watch an
   * event (also after a reconnect). Earlier answers of the API may be outdated. Thousands of clients get a change at the same time.
   */
  onProgrammeChanged(listener: (change: ProgrammeChange) => void): Unwatch {
    return added(this.#programmeListeners, listener);
  }

  onConnection(listener: () => void): Unwatch {
    return added(this.#connectionListeners, listener);
  }

  /**
   * Calls the listener with each changed registration of the attendee; without an argument when the connection opens, because any of them may
   * have changed.
   */
  onRegistration(listener: (registration?: Registration) => void): Unwatch {
    return added(this.#registrationListeners, listener);
  }

  /** Opens a new connection, for example after a sign-in or a sign-out: a connection belongs to the session that opened it. */
  reconnect(): void {
    this.#socket.disconnect();
    this.#socket.connect();
  }

  /** Closes the connection permanently. */
  close(): void {
    clearInterval(this.#timer);
    this.#watches.clear();
    this.#socket.disconnect();
  }

  #checkNow(): void {
    if (!this.#connected) return void this.#socket.connect();
    if (this.#checking) return;
    for (const watch of this.#watches) watch.requestedAt = undefined;
    this.#checking = true;
    this.#requestAll();
  }

  /** Checks whether the device slept, an answer is overdue, or the gateway stops. */
  #inspect(): void {
    const now = this.#now();
    const slept = now - this.#checkedAt > ASLEEP_MS;
    this.#checkedAt = now;
    if (!this.#connected) return;
    const pending = [...this.#watches].filter(({ requestedAt }) => requestedAt !== undefined);
    if (pending.length === 0) this.#checking = false;
    const withinMs = this.#checking ? CHECK_WITHIN_MS : ANSWER_WITHIN_MS;
    const isOverdue = pending.some(({ requestedAt = now }) => now - requestedAt > withinMs);
    const mustDisconnect = this.#disconnectAt !== undefined && now >= this.#disconnectAt;
    if (slept) {
      // The gateway may have closed the connection meanwhile. The missing answer will show it.
      for (const watch of this.#watches) watch.requestedAt = undefined;
      this.#requestAll();
    } else if (mustDisconnect || isOverdue) {
      this.#disconnectAt = undefined;
      this.reconnect();
    } else {
      for (const watch of this.#watches) if (watch.retryAt !== undefined && now >= watch.retryAt) this.#request(watch);
    }
  }

  #watch(watch: Watch): Unwatch {
    this.#watches.add(watch);
    if (this.#connected) this.#request(watch);
    return () => {
      this.#watches.delete(watch);
      const same = [...this.#watches].some(
        ({ event, message }) => event === watch.event && JSON.stringify(message) === JSON.stringify(watch.message),
      );
      if (!same && this.#connected) this.#socket.emit(nameOf(watch.event, 'unwatch'), watch.message, () => {});
    };
  }

  #requestAll(): void {
    for (const watch of this.#watches) this.#request(watch);
  }

  #request(watch: Watch): void {
    const requestedAt = this.#now();
    watch.requestedAt = requestedAt;
    watch.retryAt = undefined;
    this.#socket.emit(
      nameOf(watch.event, 'watch'),
      watch.message,
      (answer: ({ ok: true } | LiveRefusal) & Record<string, unknown>) => {
        this.#recordMessage();
        if (watch.requestedAt === requestedAt) watch.requestedAt = undefined;
        if (!this.#watches.has(watch)) return;
        if (answer.ok) watch.accept(answer);
        else if (TRANSIENT.has(answer.code)) watch.retryAt = this.#now() + RETRY_MS * (0.5 + this.#random());
        else watch.refused?.(answer.code);
      },
    );
  }

  #setConnected(connected: boolean): void {
    if (connected) this.#recordMessage();
    this.#connected = connected;
    this.#staleSince = connected ? undefined : this.#receivedAt;
    this.#checking = false;
    // Pending requests get no answer after a disconnect.
    for (const watch of this.#watches) Object.assign(watch, { requestedAt: undefined, retryAt: undefined });
    for (const listener of this.#connectionListeners) listener();
  }
}

function defaultEverySecond(run: () => void): ReturnType<typeof setInterval> {
  return unref(setInterval(run, 1_000));
}

/** Lets a Node process end although the timer is pending. In a browser the timer is a number. */
function unref<Timer>(timer: Timer): Timer {
  (timer as { unref?: () => void }).unref?.();
  return timer;
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
