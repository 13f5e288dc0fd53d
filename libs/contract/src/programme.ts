import * as z from 'zod/mini';
import { Id, Instant, LanguageTag, OneLine, WholeMinute } from './common.ts';

/** The most seats that one Café or room may have. A larger number is treated as a typing mistake. */
export const CAPACITY_MAX = 100_000;

export const Capacity = z.int().check(z.gte(0), z.lte(CAPACITY_MAX));

/**
 * The counts of one Café at one version. `version` grows with each change of the Café's counts; of two objects the higher version is newer.
 * `taken` counts seats that are held, offered or confirmed; `free = max(0, capacity - taken)`; `present` counts people checked in.
 */
export const CafeSeats = z.object({
  cafeId: Id,
  version: z.int(),
  capacity: z.int(),
  taken: z.int(),
  free: z.int(),
  waitlisted: z.int(),
  present: z.int(),
});
export type CafeSeats = z.infer<typeof CafeSeats>;

/** The counts of every Café of a room. `version` is the sum of the Cafés' versions, so it grows as well. */
export const RoomSeats = z.object({ roomId: Id, version: z.int(), cafes: z.array(CafeSeats) });
export type RoomSeats = z.infer<typeof RoomSeats>;

/** Why organisers change something, in their words: one sentence of plain text, which the mails about the change contain. */
export const Reason = OneLine(300);

export const CafeKind = z.enum(['cafe', 'stand', 'space']);
export type CafeKind = z.infer<typeof CafeKind>;

/** `draft`: not shown. `open`: accepts registrations. `closed`: shown, accepts no registrations. `cancelled`: will not take place. */
export const CafeState = z.enum(['draft', 'open', 'closed', 'cancelled']);
export type CafeState = z.infer<typeof CafeState>;

export const Speaker = z.object({
  name: z.string(),
  role: z.optional(z.string()),
  organisation: z.optional(z.string()),
});
export type Speaker = z.infer<typeof Speaker>;

/** A person who answers questions about a Café. */
export const Contact = z.object({ name: z.string(), email: z.optional(z.string()) });

/**
 * A period in which the Cafés of a room have more seats together than the room. `capacity`: the seats of the room. `taken`: the taken seats of
 * all `cafeIds`, which include the Café itself. `version`: the sum of the Cafés' versions; it only grows.
 */
export const RoomSlot = z.object({
  capacity: z.int(),
  taken: z.int(),
  version: z.int(),
  cafeIds: z.array(Id),
});
export type RoomSlot = z.infer<typeof RoomSlot>;

export const AgendaItem = z.object({ title: z.string(), minutes: z.optional(z.int()) });

/** One round table, stand or space at one time in one room. Texts are in the requested language. */
export const Cafe = z.object({
  id: Id,
  eventId: Id,
  roomId: Id,
  code: z.string(),
  kind: CafeKind,
  title: z.string(),
  hosts: z.array(z.string()),
  speakers: z.array(Speaker),
  summary: z.optional(z.string()),
  audience: z.array(z.string()),
  takeaways: z.array(z.string()),
  agenda: z.array(AgendaItem),
  keywords: z.array(z.string()),
  /** Absent if there are none. */
  contacts: z.optional(z.array(Contact)),
  language: z.string(),
  startsAt: Instant,
  endsAt: Instant,
  /** Grows with each change of the texts, room, times, capacity, state and waitlist; not with seats. A change sends it as `If-Match`. */
  version: z.int(),
  capacity: z.int(),
  waitlistOpen: z.boolean(),
  state: CafeState,
  seats: CafeSeats,
  /** The room slots of the Café. A seat is given only if the Café and each room slot have a free seat. */
  roomSlots: z.optional(z.array(RoomSlot)),
});
export type Cafe = z.infer<typeof Cafe>;

export const Room = z.object({ id: Id, name: z.string(), capacity: z.int() });
export type Room = z.infer<typeof Room>;

export const EventSummary = z.object({
  id: Id,
  slug: z.string(),
  title: z.string(),
  timeZone: z.string(),
  startsAt: Instant,
  endsAt: Instant,
  /** The languages of its texts. The first stands in for missing translations. */
  locales: z.array(LanguageTag),
});
export type EventSummary = z.infer<typeof EventSummary>;

/** `GET /events/{slug}` */
export const EventProgramme = z.object({ ...EventSummary.shape, rooms: z.array(Room), cafes: z.array(Cafe) });
export type EventProgramme = z.infer<typeof EventProgramme>;

/**
 * A change whose effect on registrations is delayed. Until then it can be undone, and no mail is sent. `msLeft`: the time until it takes effect,
 * in milliseconds from this answer on.
 */
export const PendingChange = z.object({ id: Id, msLeft: z.int().check(z.minimum(0)) });

/** A pending closing. `coversEarlier`: an earlier closing was pending when it was made; undoing it undoes both. */
export const PendingClosing = z.object({ ...PendingChange.shape, coversEarlier: z.optional(z.boolean()) });
export type PendingClosing = z.infer<typeof PendingClosing>;

/**
 * The answer of `PATCH /cafes/{id}`. `closing`: the pending closing of an undoable change. The places in the waitlist, or the seats of a
 * cancelled Café, end when it takes effect.
 */
export const ChangedCafe = z.object({ ...Cafe.shape, closing: z.optional(PendingClosing) });
export type ChangedCafe = z.infer<typeof ChangedCafe>;

/**
 * The member `current` of the problem `version-changed`: the current values of the fields that the call would change. The problem's member
 * `version` is the version of these values.
 */
export const CurrentCafe = z.object({
  capacity: z.optional(z.int()),
  /** A smaller capacity that the Café reaches as seats become free. */
  targetCapacity: z.optional(z.int()),
  state: z.optional(CafeState),
  waitlistOpen: z.optional(z.boolean()),
  roomId: z.optional(Id),
  startsAt: z.optional(Instant),
  endsAt: z.optional(Instant),
});
export type CurrentCafe = z.infer<typeof CurrentCafe>;

/** `POST /cafes/{id}/move-preview`: the new place and time. An absent value does not change. */
export const CafePlace = z.strictObject({
  roomId: z.optional(Id),
  startsAt: z.optional(WholeMinute),
  endsAt: z.optional(WholeMinute),
  capacity: z.optional(Capacity),
});
export type CafePlace = z.infer<typeof CafePlace>;

/**
 * `POST /cafes/{id}/move`. `clashes`: what happens to a seat of a person who has another seat at the new time. `swap`: it becomes an offer to
 * swap; `keep`: the person keeps both; `cancel`: it is cancelled. `excess`: what happens if more seats are taken than the new capacity.
 * `cancel`: the latest seats are cancelled; `refuse`: the move is refused.
 */
export const CafeMove = z.strictObject({
  ...CafePlace.shape,
  clashes: z.optional(z.enum(['swap', 'keep', 'cancel'])),
  excess: z.optional(z.enum(['refuse', 'cancel'])),
  /** The number of taken seats that the caller saw. The move is refused if it is different now. */
  expectTaken: z.optional(z.int().check(z.minimum(0))),
  reason: z.optional(Reason),
});
export type CafeMove = z.infer<typeof CafeMove>;

/** The effect of a move: the people who would have two overlapping seats, and the number of seats above the new capacity (`excess`). */
export const MovePreview = z.object({
  clashes: z.array(z.object({ registrationId: Id, name: z.string(), otherCafeId: Id, otherTitle: z.string() })),
  capacity: z.int(),
  taken: z.int(),
  excess: z.int(),
});
export type MovePreview = z.infer<typeof MovePreview>;

export const Slug = z.string().check(z.trim(), z.maxLength(80), z.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/));
