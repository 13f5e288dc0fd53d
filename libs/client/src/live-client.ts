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

/** When the clock jumps by more than this, in milliseconds, the device was asleep, and the client asks for everything again. */
const ASLEEP_MS = 5_000;
/** How long an answer may take, in milliseconds. Then the client opens a new connection. */
const ANSWER_WITHIN_MS = 8_000;
/** The same after `mayBeHalfOpen`: the person looks at the page now. */
const CHECK_WITHIN_MS = 4_000;
/** The pause after a refusal that may pass before the client asks again, in milliseconds: between half and one and a half of it. */
const ASK_AGAIN_MS = 1_000;
/** Refusals that may pass. */
const PASSING = new Set<LiveRefusal['code']>(['unavailable', 'too-many-requests', 'internal-error']);

/**
 * How a socket.io client connects and reconnects: without end, and at random moments within bounds (milliseconds), so that a crowd does
 * not come back at once. Long polling is tried where the network blocks WebSockets.
 */
export const LIVE_SOCKET_OPTIONS = {
  withCredentials: true,
  transports: ['websocket', 'polling'],
  tryAllTransports: true,
  reconnectionDelay: 300,
  reconnectionDelayMax: 1_500,
  randomizationFactor: 0.5,
} satisfies Record<string, unknown>;

/** What the client needs of a socket; socket.io-client's is one. */
export interface LiveSocket {
  connected: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of any event emitter
  on(event: string, listener: (...args: any[]) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of any event emitter
  emit(event: string, ...args: any[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
  /** Its manager, which says when a heartbeat of the gateway arrived. */
  io?: { on(event: 'ping', listener: () => void): unknown };
}

/** What changed of a programme, so many milliseconds ago. Where no Cafés are named, any of the event may have. */
export type ProgrammeChange = ProgrammeChanged & { msAgo: number };

/** Stop watching. */
export type Unwatch = () => void;
type Refused = (code: string) => void;
interface Watch {
  event: string;
  message: object;
  /** What the acknowledgement gave; refusals go to `refused`. */
  accept: (answer: Record<string, unknown>) => void;
  refused?: Refused;
  /** When its last asking was sent and not answered yet, by the client's clock. */
  askedAt?: number;
  /** When it is to be asked again, after a refusal that passes by itself. */
  askAt?: number;
}

interface LiveClientOptions {
  /**
   * Calls a function whenever the connection may be half open: a page does so when it is shown again and when the network is back. The
   * client then asks for everything that is watched, and opens a new connection where no answer comes within four seconds; without a
   * connection, it connects at once.
   */
  mayBeHalfOpen?: (run: () => void) => void;
  // The other options are set by tests only.
  /** Milliseconds of a clock that goes on while the device sleeps. */
  now?: () => number;
  /** From 0 to 1. */
  random?: () => number;
  /** Calls a function every second. */
  everySecond?: (run: () => void) => ReturnType<typeof setInterval>;
}

/**
 * The live side of the contract for a screen. It keeps, for each Café, the counts with the highest version. It asks again for
 * everything that is watched whenever the connection is there again, when the device wakes up, and after a refusal
 * that passes by itself; a connection that does not answer, and a gateway that stops, are left for a new one.
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
  /** When the gateway was heard last, in milliseconds since 1970. */
  #heardAt = Date.now();
  /** Whether `mayBeHalfOpen` asked for the answers that are awaited. */
  #checking = false;
  #checkedAt: number;
  /** When to leave a gateway that stops. */
  #leaveAt: number | undefined;

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
      this.#leaveAt = undefined;
      this.#setConnected(true);
      this.#askAll();
      // Registrations that were pushed while the connection was away are not pushed again.
      for (const listener of this.#registrationListeners) listener();
    });
    socket.on('disconnect', () => this.#setConnected(false));
    socket.io?.on('ping', () => this.#heard());
    socket.on('room:seats', (room: RoomSeats) => {
      this.#heard();
      this.take(room.cafes);
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
      this.#leaveAt = this.#now() + this.#random() * reconnectWithinMs;
      unkept(setTimeout(() => this.#inspect(), this.#leaveAt - this.#now() + 1));
    });
    this.#timer = everySecond(() => this.#inspect());
    mayBeHalfOpen?.(() => this.#checkNow());
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** When the gateway was heard last, in milliseconds since 1970; undefined while the connection is open. */
  get staleSince(): number | undefined {
    return this.#staleSince;
  }

  #heard(): void {
    this.#heardAt = Date.now();
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

  watchRoom(roomId: string): Unwatch {
    return this.#watch({
      event: 'room',
      message: { roomId },
      accept: ({ seats }) => this.take((seats as RoomSeats).cafes),
    });
  }

  watchEvent(eventId: string): Unwatch {
    return this.#watch({
      event: 'event',
      message: { eventId },
      accept: ({ rooms, changedMsAgo }) => {
        this.take((rooms as RoomSeats[]).flatMap(({ cafes }) => cafes));
        for (const listener of this.#programmeListeners) listener({ eventId, msAgo: changedMsAgo as number });
      },
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

  /**
   * Listen for changes of the state, waitlist, room or time of Cafés, in events that are watched: what the API answered before a change
   * does not show it. Called at each change, on thousands of screens at once, and whenever the watching begins (again).
   */
  onProgrammeChanged(listener: (change: ProgrammeChange) => void): Unwatch {
    return added(this.#programmeListeners, listener);
  }

  onConnection(listener: () => void): Unwatch {
    return added(this.#connectionListeners, listener);
  }

  /**
   * A registration of the person changed; without one, the connection is (again) there, and any may have changed: ask the API.
   */
  onRegistration(listener: (registration?: Registration) => void): Unwatch {
    return added(this.#registrationListeners, listener);
  }

  /** Opens a new connection after signing in or out: a connection belongs to the person who opened it. */
  reconnect(): void {
    this.#socket.disconnect();
    this.#socket.connect();
  }

  /** For good. */
  close(): void {
    clearInterval(this.#timer);
    this.#watches.clear();
    this.#socket.disconnect();
  }

  #checkNow(): void {
    if (!this.#connected) return void this.#socket.connect();
    if (this.#checking) return;
    for (const watch of this.#watches) watch.askedAt = undefined;
    this.#checking = true;
    this.#askAll();
  }

  /** Checks the connection: whether the device slept, an answer is overdue, or the gateway stops. */
  #inspect(): void {
    const now = this.#now();
    const slept = now - this.#checkedAt > ASLEEP_MS;
    this.#checkedAt = now;
    if (!this.#connected) return;
    const awaited = [...this.#watches].filter(({ askedAt }) => askedAt !== undefined);
    if (awaited.length === 0) this.#checking = false;
    const withinMs = this.#checking ? CHECK_WITHIN_MS : ANSWER_WITHIN_MS;
    const unanswered = awaited.some(({ askedAt = now }) => now - askedAt > withinMs);
    const leaving = this.#leaveAt !== undefined && now >= this.#leaveAt;
    if (slept) {
      // The gateway may have closed the connection long ago. Then no answer comes.
      for (const watch of this.#watches) watch.askedAt = undefined;
      this.#askAll();
    } else if (leaving || unanswered) {
      this.#leaveAt = undefined;
      this.reconnect();
    } else {
      for (const watch of this.#watches) if (watch.askAt !== undefined && now >= watch.askAt) this.#ask(watch);
    }
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

  #askAll(): void {
    for (const watch of this.#watches) this.#ask(watch);
  }

  #ask(watch: Watch): void {
    const askedAt = this.#now();
    watch.askedAt = askedAt;
    watch.askAt = undefined;
    this.#socket.emit(
      nameOf(watch.event, 'watch'),
      watch.message,
      (answer: ({ ok: true } | LiveRefusal) & Record<string, unknown>) => {
        this.#heard();
        if (watch.askedAt === askedAt) watch.askedAt = undefined;
        if (!this.#watches.has(watch)) return;
        if (answer.ok) watch.accept(answer);
        else if (PASSING.has(answer.code)) watch.askAt = this.#now() + ASK_AGAIN_MS * (0.5 + this.#random());
        else watch.refused?.(answer.code);
      },
    );
  }

  #setConnected(connected: boolean): void {
    if (connected) this.#heard();
    this.#connected = connected;
    this.#staleSince = connected ? undefined : this.#heardAt;
    this.#checking = false;
    // A closed connection answers nothing.
    for (const watch of this.#watches) Object.assign(watch, { askedAt: undefined, askAt: undefined });
    for (const listener of this.#connectionListeners) listener();
  }
}

function defaultEverySecond(run: () => void): ReturnType<typeof setInterval> {
  return unkept(setInterval(run, 1_000));
}

/** In Node a timer of ours does not keep the process alive; in a browser it is a number. */
function unkept<Timer>(timer: Timer): Timer {
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
