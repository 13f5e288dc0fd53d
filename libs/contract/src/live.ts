import * as z from 'zod/mini';
import { Id, Instant } from './common.ts';
import { type ProblemCode, problemCodes } from './problems.ts';
import { CafeKind, CafeSeats, CafeState, PendingClosing, RoomSeats } from './programme.ts';
import { Attendance, Registration } from './registrations.ts';

/** The socket.io namespace of everything live. */
export const LIVE_NAMESPACE = '/live';

/** The most pushes a second for one room, event dashboard or attendance list; the last state always goes out. */
export const PUSHES_PER_SECOND_MAX = 10;

/**
 * So many pages a second ask for a Café that changed. Thousands hear of it at once, and each asks at a random moment within a time that
 * grows with their number (`withinMs` of `programme:changed`), so that claims go on meanwhile.
 */
export const REFETCHES_PER_SECOND = 1_500;
/** Where more Cafés of an event change at once, pages ask for the whole programme: that is one call. */
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
  /** As in `Cafe`: a change takes it as `If-Match`. */
  version: z.int(),
  state: CafeState,
  waitlistOpen: z.boolean(),
  /** A smaller capacity that is reached as seats become free. */
  targetCapacity: z.optional(z.int()),
  /** Its waitlist, or it, was closed a moment ago: that can still be undone. */
  closing: z.optional(PendingClosing),
  seats: CafeSeats,
});
export type DashboardCafe = z.infer<typeof DashboardCafe>;

/**
 * The organiser's figures. `registrationsOverTime` are the registrations made in each minute that had any, oldest first;
 * `mail` are the messages about this event, sign-in codes not included: `sent` ever, `waiting` in the outbox and not yet accepted by the mail server, and
 * `failed` given up.
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
 * The state, waitlist, room or time of Cafés changed: ask the API for `cafeIds`, or for the whole programme where none are named, at a
 * random moment within `withinMs` milliseconds.
 */
export const ProgrammeChanged = z.object({
  eventId: Id,
  cafeIds: z.optional(z.array(Id)),
  withinMs: z.optional(z.int().check(z.minimum(0))),
});
export type ProgrammeChanged = z.infer<typeof ProgrammeChanged>;

/**
 * The gateway stops: connect again at a random moment within so many milliseconds, so that not everybody comes at once.
 * Until then the connection still tells what changes.
 */
export const GatewayStopping = z.object({ reconnectWithinMs: z.int().check(z.minimum(0)) });
export type GatewayStopping = z.infer<typeof GatewayStopping>;

/** One message that a client may send, as everything else derives from it: types, validation, documentation. */
interface ClientMessage {
  summary: string;
  /** Who may send it, where that is not everybody. */
  who?: 'host' | 'organiser';
  message: z.ZodMiniType;
  /** What the acknowledgement carries besides `ok: true`. */
  answer: z.ZodMiniType;
  problems: readonly ProblemCode[];
}

/** What any message may be refused with. */
export const liveProblems: ProblemCode[] = ['invalid-request', 'too-many-requests', 'unavailable'];

const forRole: ProblemCode[] = ['not-signed-in', 'not-allowed'];
const Done = z.object({});

/** What a client may send, by event. */
export const clientMessages = {
  'room:watch': {
    summary: 'Follow the seat counts of a room',
    message: RoomWatch,
    answer: z.object({ seats: RoomSeats }),
    problems: ['room-not-found'],
  },
  'room:unwatch': { summary: 'Follow a room no longer', message: RoomWatch, answer: Done, problems: [] },
  'event:watch': {
    summary: 'Follow the seat counts of every room of an event',
    message: EventWatch,
    /** `changedMsAgo`: how long ago something else than counts changed, in milliseconds; older answers of the API do not show it. */
    answer: z.object({ rooms: z.array(RoomSeats), changedMsAgo: z.int() }),
    problems: ['event-not-found'],
  },
  'event:unwatch': { summary: 'Follow an event no longer', message: EventWatch, answer: Done, problems: [] },
  'cafe:watch-attendance': {
    summary: 'Follow who is expected in a Café and who came',
    who: 'host',
    message: CafeWatch,
    answer: z.object({ attendance: Attendance }),
    problems: ['cafe-not-found', ...forRole],
  },
  'cafe:unwatch-attendance': {
    summary: 'Follow an attendance list no longer',
    message: CafeWatch,
    answer: Done,
    problems: [],
  },
  'dashboard:watch': {
    summary: 'Follow the figures of an event',
    who: 'organiser',
    message: EventWatch,
    answer: z.object({ dashboard: Dashboard }),
    problems: ['event-not-found', ...forRole],
  },
  'dashboard:unwatch': { summary: 'Follow the figures no longer', message: EventWatch, answer: Done, problems: [] },
} as const satisfies Record<string, ClientMessage>;

/** What the gateway pushes, by event: always whole states, never differences. */
export const serverMessages = {
  'room:seats': { summary: 'The counts of a room’s Cafés, at most ten times a second', message: RoomSeats },
  'programme:changed': {
    summary: 'An event that is followed has other Cafés, times, rooms or states',
    message: ProgrammeChanged,
  },
  'cafe:attendance': { summary: 'An attendance list that is followed', message: Attendance },
  dashboard: { summary: 'The figures that are followed', message: Dashboard },
  registration: {
    summary: 'A registration of the person changed: to every connection of theirs',
    message: Registration,
  },
  'gateway:stopping': { summary: 'Connect again, within so long', message: GatewayStopping },
} as const satisfies Record<string, { summary: string; message: z.ZodMiniType }>;

/** A refused message: the connection lives on. */
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

/** What a client may send. */
export type ClientToServerEvents = { [Event in keyof typeof clientMessages]: Listeners<Event> };

/** What the gateway pushes. */
export type ServerToClientEvents = {
  [Event in keyof typeof serverMessages]: (message: z.infer<(typeof serverMessages)[Event]['message']>) => void;
};

/** The message that a process publishes on Redis to every gateway after a commit. It has ids and counts only. */
export const SeatFeedMessage = z.object({
  seats: z.array(CafeSeats),
  /** The registrations that changed, each with the attendee whose it is. Pairs, because a claim pays for each. */
  registrations: z.array(z.tuple([Id, Id])),
});
export type SeatFeedMessage = z.infer<typeof SeatFeedMessage>;

/** What a commit changed: its Cafés, whose counts are read when the change is published, and its registrations. */
export interface SeatChange {
  cafeIds: readonly string[];
  registrations: SeatFeedMessage['registrations'];
}
