import * as z from 'zod/mini';
import { Id, Instant } from './common.ts';
import { type ProblemCode } from './problems.ts';
import { CafeSeats, CafeState, RoomSeats } from './programme.ts';
import { Attendance, Registration } from './registrations.ts';

/** The socket.io namespace of everything live. */
export const LIVE_NAMESPACE = '/live';

/** The most pushes a second for one room, event dashboard or attendance list; the last state always goes out. */
export const PUSHES_PER_SECOND_MAX = 10;

export const RoomWatch = z.strictObject({ roomId: Id });
export const EventWatch = z.strictObject({ eventId: Id });
export const CafeWatch = z.strictObject({ cafeId: Id });

/** One Café as the organiser's dashboard shows it. */
export const DashboardCafe = z.object({
  cafeId: Id,
  roomId: Id,
  code: z.string(),
  title: z.string(),
  startsAt: Instant,
  endsAt: Instant,
  state: CafeState,
  waitlistOpen: z.boolean(),
  seats: CafeSeats,
});
export type DashboardCafe = z.infer<typeof DashboardCafe>;

/**
 * The organiser's figures. `registrationsOverTime` are the registrations made in each minute that had any, oldest first;
 * `mail.waiting` are messages owed and not yet accepted by the mail server.
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

/** A refused message: the connection lives on. */
export type LiveRefusal = { ok: false; code: ProblemCode };
export type Acknowledge<Answer> = (answer: ({ ok: true } & Answer) | LiveRefusal) => void;

/** What a client may send. */
export interface ClientToServerEvents {
  'room:watch': (message: z.infer<typeof RoomWatch>, acknowledge: Acknowledge<{ seats: RoomSeats }>) => void;
  'room:unwatch': (message: z.infer<typeof RoomWatch>, acknowledge: Acknowledge<object>) => void;
  'event:watch': (message: z.infer<typeof EventWatch>, acknowledge: Acknowledge<{ rooms: RoomSeats[] }>) => void;
  'event:unwatch': (message: z.infer<typeof EventWatch>, acknowledge: Acknowledge<object>) => void;
  'cafe:watch-attendance': (
    message: z.infer<typeof CafeWatch>,
    acknowledge: Acknowledge<{ attendance: Attendance }>,
  ) => void;
  'cafe:unwatch-attendance': (message: z.infer<typeof CafeWatch>, acknowledge: Acknowledge<object>) => void;
  'dashboard:watch': (message: z.infer<typeof EventWatch>, acknowledge: Acknowledge<{ dashboard: Dashboard }>) => void;
  'dashboard:unwatch': (message: z.infer<typeof EventWatch>, acknowledge: Acknowledge<object>) => void;
}

/** What the gateway pushes: always whole states, never differences. */
export interface ServerToClientEvents {
  'room:seats': (seats: RoomSeats) => void;
  'cafe:attendance': (attendance: Attendance) => void;
  dashboard: (dashboard: Dashboard) => void;
  registration: (registration: Registration) => void;
}

/** What goes over Redis from whoever committed to every gateway. Ids and counts only. */
export const SeatFeedMessage = z.object({
  seats: z.array(CafeSeats),
  registrations: z.array(z.object({ registrationId: Id, attendeeId: Id })),
});
export type SeatFeedMessage = z.infer<typeof SeatFeedMessage>;
