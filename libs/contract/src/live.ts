import * as z from 'zod/mini';
import { Id, Instant } from './common.ts';
import { type ProblemCode, problemCodes } from './problems.ts';
import { CafeKind, CafeSeats, CafeState, PendingClosing, RoomSeats } from './programme.ts';
import { Attendance, Registration } from './registrations.ts';

/** The socket.io namespace of the live messages. */
export const LIVE_NAMESPACE = '/live';

/** The most pushes a second for one room, event dashboard or attendance list. The last state is always pushed. */
export const PUSHES_PER_SECOND_MAX = 10;

/**
 * How many pages a second read a Café after it changed. The gateway pushes the change to thousands of pages at once. Each page reads at a random
 * moment within a time that grows with their number (`withinMs` of `programme:changed`), so that claims are not delayed.
 */
export const REFETCHES_PER_SECOND = 1_500;
/** The most changed Cafés of one message. For more, pages read the whole programme with one call. */
export const CHANGED_CAFES_MAX = 10;

export const RoomWatch = z.strictObject({ roomId: Id });
export const EventWatch = z.strictObject({ eventId: Id });
export const CafeWatch = z.strictObject({ cafeId: Id });

/** One Café as the organiser's dashboard shows it. */
export const DashboardCafe = z.object({
  cafeId: Id,
  roomId: Id,
  kind: CafeKind,
  code: z.string(),
  title: z.string(),
  startsAt: Instant,
  endsAt: Instant,
  /** The version of the Café, as in `Cafe`. A change sends it as `If-Match`. */
  version: z.int(),
  state: CafeState,
  waitlistOpen: z.boolean(),
  /** A smaller capacity that the Café reaches as seats become free. */
  targetCapacity: z.optional(z.int()),
  /** A closing of the Café or its waitlist that can still be undone. */
  closing: z.optional(PendingClosing),
  seats: CafeSeats,
});
export type DashboardCafe = z.infer<typeof DashboardCafe>;

/**
 * The organiser's dashboard. `registrationsOverTime` is the number of new registrations in each minute that had any, oldest first. `mail` is the
 * number of messages about this event, without sign-in codes: all that were `sent`; those `waiting`, which the mail server has not accepted
 * yet; and those that `failed` for good.
 */
export const Dashboard = z.object({
  eventId: Id,
  version: z.int(),
  at: Instant,
  rooms: z.array(z.object({ roomId: Id, name: z.string(), capacity: z.int() })),
  cafes: z.array(DashboardCafe),
  totals: z.object({
    capacity: z.int(),
    taken: z.int(),
    waitlisted: z.int(),
    present: z.int(),
    people: z.int(),
  }),
  registrationsOverTime: z.array(z.object({ minute: Instant, count: z.int() })),
  mail: z.object({ sent: z.int(), waiting: z.int(), failed: z.int() }),
});
export type Dashboard = z.infer<typeof Dashboard>;

/**
 * The state, waitlist, room or time of Cafés changed. The client reads the Cafés `cafeIds`, or the whole programme if there are none, from the
 * API at a random moment within `withinMs` milliseconds.
 */
export const ProgrammeChanged = z.object({
  eventId: Id,
  cafeIds: z.optional(z.array(Id)),
  withinMs: z.optional(z.int().check(z.minimum(0))),
});
export type ProgrammeChanged = z.infer<typeof ProgrammeChanged>;

/**
 * The gateway stops. The client connects again at a random moment within this time, so that not all clients connect at once.
 * Until then the gateway continues to push changes.
 */
export const GatewayStopping = z.object({ reconnectWithinMs: z.int().check(z.minimum(0)) });
export type GatewayStopping = z.infer<typeof GatewayStopping>;

/** One message that a client may send. Types, validation and documentation derive from it. */
interface ClientMessage {
  summary: string;
  /** The role that may send it; without one, every client may. */
  who?: 'host' | 'organiser';
  message: z.ZodMiniType;
  /** The members of the acknowledgement besides `ok: true`. */
  answer: z.ZodMiniType;
  problems: readonly ProblemCode[];
}

/** The problems that every message can be refused with. */
export const liveProblems: ProblemCode[] = ['invalid-request', 'too-many-requests', 'unavailable'];

const roleProblems: ProblemCode[] = ['not-signed-in', 'not-allowed'];
const EmptyAnswer = z.object({});

/** The messages that a client may send, by socket event. */
export const clientMessages = {
  'room:watch': {
    summary: 'Watch the seat counts of a room',
    message: RoomWatch,
    answer: z.object({ seats: RoomSeats }),
    problems: ['room-not-found'],
  },
  'room:unwatch': { summary: 'Stop watching a room', message: RoomWatch, answer: EmptyAnswer, problems: [] },
  'event:watch': {
    summary: 'Watch the seat counts of every room of an event',
    message: EventWatch,
    /** `changedMsAgo`: the time since the last change of the programme other than counts, in milliseconds. Older answers of the API are outdated. */
    answer: z.object({ rooms: z.array(RoomSeats), changedMsAgo: z.int() }),
    problems: ['event-not-found'],
  },
  'event:unwatch': { summary: 'Stop watching an event', message: EventWatch, answer: EmptyAnswer, problems: [] },
  'cafe:watch-attendance': {
    summary: 'Watch the attendance list of a Café: who is expected and who came',
    who: 'host',
    message: CafeWatch,
    answer: z.object({ attendance: Attendance }),
    problems: ['cafe-not-found', ...roleProblems],
  },
  'cafe:unwatch-attendance': {
    summary: 'Stop watching an attendance list',
    message: CafeWatch,
    answer: EmptyAnswer,
    problems: [],
  },
  'dashboard:watch': {
    summary: 'Watch the dashboard of an event',
    who: 'organiser',
    message: EventWatch,
    answer: z.object({ dashboard: Dashboard }),
    problems: ['event-not-found', ...roleProblems],
  },
  'dashboard:unwatch': { summary: 'Stop watching a dashboard', message: EventWatch, answer: EmptyAnswer, problems: [] },
} as const satisfies Record<string, ClientMessage>;

/** The messages that the gateway pushes, by socket event. Each is a whole state, never a difference. */
export const serverMessages = {
  'room:seats': { summary: 'The counts of a room’s Cafés, at most ten times a second', message: RoomSeats },
  'programme:changed': {
    summary: 'The Cafés, times, rooms or states of a watched event changed',
    message: ProgrammeChanged,
  },
  'cafe:attendance': { summary: 'A watched attendance list', message: Attendance },
  dashboard: { summary: 'A watched dashboard', message: Dashboard },
  registration: {
    summary: 'A registration of the attendee changed. It is pushed to each of their connections',
    message: Registration,
  },
  'gateway:stopping': { summary: 'The gateway stops: connect again within this time', message: GatewayStopping },
} as const satisfies Record<string, { summary: string; message: z.ZodMiniType }>;

/** The acknowledgement of a refused message. The connection stays open. */
export const LiveRefusal = z.object({
  ok: z.literal(false),
  code: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]),
});
export type LiveRefusal = z.infer<typeof LiveRefusal>;
export type Acknowledge<Answer> = (answer: ({ ok: true } & Answer) | LiveRefusal) => void;

type Listeners<Event extends keyof typeof clientMessages> = (
  message: z.infer<(typeof clientMessages)[Event]['message']>,
  acknowledge: Acknowledge<z.infer<(typeof clientMessages)[Event]['answer']>>,
) => void;

/** The messages of a client, as types for socket.io. */
export type ClientToServerEvents = { [Event in keyof typeof clientMessages]: Listeners<Event> };

/** The pushes of the gateway, as types for socket.io. */
export type ServerToClientEvents = {
  [Event in keyof typeof serverMessages]: (message: z.infer<(typeof serverMessages)[Event]['message']>) => void;
};

/** The message that a process publishes on Redis to all gateways after a commit. It contains only ids and counts. */
export const SeatFeedMessage = z.object({
  seats: z.array(CafeSeats),
  /** The ids of each changed registration and of its attendee. A pair is shorter than an object, and each claim sends one. */
  registrations: z.array(z.tuple([Id, Id])),
});
export type SeatFeedMessage = z.infer<typeof SeatFeedMessage>;

/** The Cafés and registrations that a commit changed. The counts of the Cafés are read when the change is published. */
export interface SeatChange {
  cafeIds: readonly string[];
  registrations: SeatFeedMessage['registrations'];
}
