import * as z from 'zod/mini';
import { Email, Id, Instant, LanguageTag, Locale, OneLine, Paragraphs, WholeMinute } from './common.ts';
import { MailKind } from './jobs.ts';
import { CafeKind, CafeSeats, CafeState, Capacity, ChangedCafe, EventSummary, Reason, Slug } from './programme.ts';

/** The most of each that one event may have. */
export const EVENT_CAFES_MAX = 2_000;
export const EVENT_ROOMS_MAX = 200;
export const EVENT_LANGUAGES_MAX = 20;

/** A value in several languages. A reader whose language is missing gets the first language of the event. */
export function byLanguage<Value extends z.ZodMiniType>(value: Value) {
  return z
    .record(LanguageTag, value)
    .check(z.refine((texts) => Object.keys(texts).length <= EVENT_LANGUAGES_MAX, 'has too many languages'));
}

const few = <Value extends z.ZodMiniType>(value: Value, max: number) => z.array(value).check(z.maxLength(max));

/** The texts of a Café in one language. */
export const CafeTexts = z.strictObject({
  title: OneLine(300),
  summary: z.optional(Paragraphs(4_000)),
  audience: z._default(few(OneLine(500), 50), []),
  takeaways: z._default(few(OneLine(500), 50), []),
  agenda: z._default(
    few(z.strictObject({ title: OneLine(500), minutes: z.optional(z.int().check(z.gte(1), z.lte(1_440))) }), 50),
    [],
  ),
  keywords: z._default(few(OneLine(100), 50), []),
});
export type CafeTexts = z.infer<typeof CafeTexts>;

/** A speaker in every language. Those with the same `pair` speak together. */
export const EditedSpeaker = z.strictObject({
  name: OneLine(120),
  role: z.optional(byLanguage(OneLine(300))),
  organisation: z.optional(OneLine(160)),
  pair: z.optional(z.int().check(z.gte(1), z.lte(50))),
});

export const EditedContact = z.strictObject({ name: OneLine(120), email: z.optional(Email) });

/** The code of a room or a Café: its name in files, unique in the event. */
export const Code = z
  .string()
  .check(
    z.normalize('NFC'),
    z.maxLength(40),
    z.regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, 'must be letters and digits, with single hyphens between'),
  );

/** The texts of a Café that an organiser writes, without place, seats and state. */
const cafeFields = {
  code: Code,
  kind: CafeKind,
  language: LanguageTag,
  hosts: few(OneLine(160), 20).check(z.minLength(1)),
  speakers: few(EditedSpeaker, 50),
  contacts: few(EditedContact, 20),
  texts: byLanguage(CafeTexts),
};

/** Missing texts in a language of the event. `fields`: the names of the missing texts, such as `title` or `summary`. */
export const MissingTranslation = z.object({
  about: z.enum(['event', 'cafe']),
  id: Id,
  label: z.string(),
  language: LanguageTag,
  fields: z.array(z.string()),
});
export type MissingTranslation = z.infer<typeof MissingTranslation>;

/** A room as its organisers see it. */
export const EditedRoom = z.object({
  id: Id,
  eventId: Id,
  code: z.string(),
  name: z.string(),
  capacity: z.int(),
  /** The position in the order of the programme, from 0. */
  position: z.int(),
  /** Grows with each change of the room. A change takes it as `If-Match`. */
  version: z.int(),
});
export type EditedRoom = z.infer<typeof EditedRoom>;

/** A Café as its organisers see it: in every language, drafts included. */
export const EditedCafe = z.object({
  id: Id,
  eventId: Id,
  roomId: Id,
  ...cafeFields,
  position: z.int(),
  startsAt: Instant,
  endsAt: Instant,
  capacity: z.int(),
  /** A smaller capacity that the Café reaches as seats become free. */
  targetCapacity: z.optional(z.int()),
  state: CafeState,
  waitlistOpen: z.boolean(),
  /** The version of the Café, as in `Cafe`. A change sends it as `If-Match`. */
  version: z.int(),
  seats: CafeSeats,
});
export type EditedCafe = z.infer<typeof EditedCafe>;

/** `draft`: only its organisers see it, and all its Cafés are drafts. `published`: it is public. */
export const EventState = z.enum(['draft', 'published']);
export type EventState = z.infer<typeof EventState>;

const MapUrl = z.url({ protocol: /^https$/ }).check(z.maxLength(2_000));
/** Where an event takes place. */
export const Venue = z.strictObject({
  name: byLanguage(OneLine(200)),
  address: z.optional(byLanguage(Paragraphs(500))),
  directions: z.optional(byLanguage(Paragraphs(2_000))),
  mapUrl: z.optional(MapUrl),
});
export type Venue = z.infer<typeof Venue>;

const Pair = z.strictObject({ one: OneLine(40), other: OneLine(40) });
const wordOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.union([z.strictObject({ known: z.enum(names) }), z.strictObject({ own: byLanguage(Pair) })]);
/** The words for a Café, a host and a seat at an event: a known word, which the pages translate, or a custom word for each language. */
export const EventWords = z.strictObject({
  cafe: z.optional(wordOf(['cafe', 'workshop', 'session', 'table', 'stand'])),
  host: z.optional(wordOf(['host', 'facilitator', 'speaker', 'moderator'])),
  seat: z.optional(wordOf(['seat', 'registration', 'ticket'])),
});
export type EventWords = z.infer<typeof EventWords>;

const LegalText = z.optional(byLanguage(Paragraphs(20_000)));
/** The legal texts of an event. A text that is left out has a default, which names the organisation and its address. */
export const Legal = z.strictObject({
  privacy: LegalText,
  legalNotice: LegalText,
  accessibility: LegalText,
  contact: z.optional(Email),
});
export type Legal = z.infer<typeof Legal>;

const Accent = z.string().check(z.toLowerCase(), z.regex(/^#[0-9a-f]{6}$/, 'must be a colour such as #12406b'));
const TimeZone = z.string().check(z.maxLength(60), z.minLength(1));
const Languages = z.array(LanguageTag).check(
  z.minLength(1),
  z.maxLength(EVENT_LANGUAGES_MAX),
  z.refine((tags) => new Set(tags).size === tags.length, 'names a language twice'),
);
const Percent = z.int().check(z.gte(0), z.lte(100));
const GraceMinutes = z.int().check(z.gte(0), z.lte(1_440));

/** The values of an event that an organiser edits. Null removes an optional value. */
const eventFields = {
  slug: Slug,
  title: byLanguage(OneLine(200)),
  /** An IANA time zone with a place, such as Europe/Paris. */
  timeZone: TimeZone,
  startsAt: WholeMinute,
  endsAt: WholeMinute,
  /** Texts of the first language replace missing translations. */
  locales: Languages,
};
const eventSettings = {
  replyTo: z.nullable(Email),
  unprovedSharePercent: Percent,
  noShowGraceMinutes: GraceMinutes,
  venue: z.nullable(Venue),
  words: EventWords,
  /** The accent colour. Refused if its contrast with the background of the pages is too low. The dark theme uses a lighter tone of it. */
  accent: z.nullable(Accent),
  legal: Legal,
};

/** An event as its organisers see it: in every language. */
export const EditedEvent = z.object({
  id: Id,
  organisationId: Id,
  ...eventFields,
  ...eventSettings,
  state: EventState,
  /** When it was published last. */
  publishedAt: z.optional(Instant),
  /** Grows with each change of the event itself; not with its rooms and Cafés. A change takes it as `If-Match`. */
  version: z.int(),
});
export type EditedEvent = z.infer<typeof EditedEvent>;

/** `GET /events/{slug}/programme`: everything that organisers edit, in the order of the programme. */
export const EditedProgramme = z.object({
  event: EditedEvent,
  rooms: z.array(EditedRoom),
  cafes: z.array(EditedCafe),
  missing: z.array(MissingTranslation),
});
export type EditedProgramme = z.infer<typeof EditedProgramme>;

/** `GET /organiser/events`: an event that the person organises. */
export const OrganisedEvent = z.object({
  ...EventSummary.shape,
  organisationId: Id,
  state: EventState,
  cafes: z.int(),
  version: z.int(),
});
export type OrganisedEvent = z.infer<typeof OrganisedEvent>;

/** `POST /events`: a new event, a draft. */
export const NewEvent = z.strictObject({
  ...eventFields,
  /** Left out: made from the title. */
  slug: z.optional(Slug),
  /** Left out: the only organisation for which the person may make events. */
  organisationId: z.optional(Id),
});
export type NewEvent = z.infer<typeof NewEvent>;

/** `PATCH /events/{slug}`. An absent value does not change. */
export const EventChange = z.partial(z.strictObject({ ...eventFields, ...eventSettings }));
export type EventChange = z.infer<typeof EventChange>;

/** `POST /events/{slug}/duplicate`: a draft copy whose first day is `startsOn`; local times stay. Cancelled Cafés are left out. */
export const EventCopy = z.strictObject({
  /** A date in the time zone of the event. */
  startsOn: z.iso.date(),
  slug: z.optional(Slug),
  title: z.optional(byLanguage(OneLine(200))),
});
export type EventCopy = z.infer<typeof EventCopy>;

/** `GET /events/{slug}/publication`: the errors that prevent the publication of an event, and hints about missing content. */
export const PublicationCheck = z.object({
  state: EventState,
  /** The errors that prevent the publication. */
  blockers: z.array(z.enum(['no-room', 'no-cafe', 'over'])),
  /** Hints that organisers should read before the publication. */
  hints: z.array(
    z.object({
      hint: z.enum([
        'no-venue',
        'no-contact',
        'default-legal-texts',
        'missing-translations',
        'no-reply-to',
        'past-cafes',
        'outside-event',
      ]),
      cafeIds: z.optional(z.array(Id)),
    }),
  ),
  /** The Cafés that are drafts: publishing opens them. */
  drafts: z.array(Id),
});
export type PublicationCheck = z.infer<typeof PublicationCheck>;

/** `POST /events/{slug}/publication`. `cafes`: the Cafés that get another state than `open`. */
export const Publication = z.strictObject({
  cafes: z.optional(few(z.strictObject({ id: Id, state: z.enum(['draft', 'closed']) }), EVENT_CAFES_MAX)),
});

/** `POST /events/{slug}/rooms` */
export const NewRoom = z.strictObject({
  name: OneLine(120),
  capacity: Capacity,
  /** Left out: made from the name. */
  code: z.optional(Code),
});
export type NewRoom = z.infer<typeof NewRoom>;

/** `PATCH /rooms/{id}` */
export const RoomChange = z.partial(z.strictObject({ name: OneLine(120), capacity: Capacity, code: Code }));
export type RoomChange = z.infer<typeof RoomChange>;

/** `POST /events/{slug}/room-order`, `/cafe-order`: all ids in their new order. */
export const RoomOrder = z.strictObject({ ids: few(Id, EVENT_ROOMS_MAX) });
export const CafeOrder = z.strictObject({ ids: few(Id, EVENT_CAFES_MAX) });

/** `POST /events/{slug}/cafes`: a new Café, a draft unless `state` says otherwise. */
export const NewCafe = z.strictObject({
  ...cafeFields,
  /** Left out: the next free number. */
  code: z.optional(Code),
  speakers: z._default(cafeFields.speakers, []),
  contacts: z._default(cafeFields.contacts, []),
  roomId: Id,
  startsAt: WholeMinute,
  endsAt: WholeMinute,
  capacity: Capacity,
  state: z._default(z.enum(['draft', 'open', 'closed']), 'draft'),
  waitlistOpen: z._default(z.boolean(), true),
});
export type NewCafe = z.infer<typeof NewCafe>;

/** `POST /cafes/{id}/duplicate`: a draft copy. An absent value is copied from the original. */
export const CafeCopy = z.strictObject({
  code: z.optional(Code),
  roomId: z.optional(Id),
  startsAt: z.optional(WholeMinute),
  endsAt: z.optional(WholeMinute),
});
export type CafeCopy = z.infer<typeof CafeCopy>;

/**
 * `PATCH /cafes/{id}` with everything that an organiser edits: what is left out stays. All of it is done, or nothing. Seats, waitlist and
 * state: as in `CafeChange`. A new room or time is a move (`CafeMove`): its people get a mail.
 */
const cafeEdit = {
  ...cafeFields,
  roomId: Id,
  startsAt: WholeMinute,
  endsAt: WholeMinute,
  capacity: Capacity,
  state: CafeState,
  waitlistOpen: z.boolean(),
};
/** The options of a change of a Café. They change nothing by themselves. */
const cafeEditOptions = {
  /** Makes a capacity below the taken seats the target capacity, instead of refusing it. */
  asTarget: z.boolean(),
  /**
   * The registrations that the change ends (places in the waitlist, seats of a cancelled Café) end after ten seconds. Until then the answer's
   * `closing` can be undone. Without `undoable` they end at once.
   */
  undoable: z.boolean(),
  /** The counts that the caller saw. The change is refused if they are different now, because its effect would differ from the one shown. */
  expectTaken: z.int().check(z.minimum(0)),
  expectWaitlisted: z.int().check(z.minimum(0)),
  /** For a move: what happens to a seat of a person who has another seat at the new time (`CafeMove`). */
  clashes: z.enum(['swap', 'keep', 'cancel']),
  /** For a move: what happens if more seats are taken than the new capacity (`CafeMove`). */
  excess: z.enum(['refuse', 'cancel']),
  reason: Reason,
};
export const CafeEdit = z
  .partial(z.strictObject({ ...cafeEdit, ...cafeEditOptions }))
  .check(
    z.refine(
      (edit) => Object.keys(edit).some((name) => Object.hasOwn(cafeEdit, name)),
      'name at least one thing to change',
    ),
  );
export type CafeEdit = z.infer<typeof CafeEdit>;

/** The part of a change that the seat engine does. */
export type CafeChange = Pick<
  CafeEdit,
  'capacity' | 'asTarget' | 'state' | 'waitlistOpen' | 'undoable' | 'expectTaken' | 'expectWaitlisted' | 'reason'
>;

/** One value before and after a change. Values are as in `EditedCafe`, `EditedRoom` or `EditedEvent`; texts are `texts.fr.title`. */
export const FieldChange = z.object({
  field: z.string(),
  from: z.optional(z.unknown()),
  to: z.optional(z.unknown()),
});
export type FieldChange = z.infer<typeof FieldChange>;

/** A warning about a time or a place, which an organiser should read before the change. */
export const Notice = z.enum(['in-the-past', 'outside-event', 'room-shared', 'starts-soon']);
export type Notice = z.infer<typeof Notice>;

/** `POST /cafes/{id}/impact`: what a `PATCH /cafes/{id}` with the same body would do. Nothing is changed. */
export const CafeImpact = z.object({
  version: z.int(),
  changes: z.array(FieldChange),
  notices: z.array(Notice),
  /** The number of taken seats now, and the number of those above the new capacity. */
  taken: z.int(),
  waitlisted: z.int(),
  capacity: z.int(),
  excess: z.int(),
  clashes: z.array(z.object({ registrationId: Id, name: z.string(), otherCafeId: Id, otherTitle: z.string() })),
  /** The number of registrations that end, and the number of people of the waitlist who get a seat or an offer. */
  ends: z.int(),
  movesUp: z.int(),
  /** The number of mails of each kind. */
  mails: z.array(z.object({ kind: MailKind, count: z.int() })),
  /** The most frequent of these mails, written to a sample person, with the reason. */
  sample: z.optional(z.object({ kind: MailKind, locale: Locale, subject: z.string(), text: z.string() })),
});
export type CafeImpact = z.infer<typeof CafeImpact>;

/** `PATCH /cafes/{id}`: `changeId` is the entry of the history, which can be undone. */
export const EditedAnswer = z.object({ ...ChangedCafe.shape, changeId: z.optional(Id) });

/** One entry of the history of a programme, for its organisers: who changed what, when, from what to what. */
export const ProgrammeChange = z.object({
  id: Id,
  at: Instant,
  /** As in the audit log: `cafe-changed`, `room-created`, … */
  what: z.string(),
  /** Absent: a command or the installation itself made the change. Without a name: the person was erased. */
  actor: z.optional(z.object({ id: Id, name: z.optional(z.string()) })),
  /** `label`: its title or name at that time. */
  subject: z.object({ kind: z.enum(['event', 'room', 'cafe']), id: z.optional(Id), label: z.string() }),
  fields: z.array(FieldChange),
  reason: z.optional(z.string()),
  /** Whether it can be undone: it is the last change of its subject, and changes no registration. */
  undoable: z.boolean(),
});
export type ProgrammeChange = z.infer<typeof ProgrammeChange>;

/** `GET /events/{slug}/history`: the latest entries first. `next`: where the next page begins (`?before=`). */
export const ProgrammeHistory = z.object({ changes: z.array(ProgrammeChange), next: z.optional(Id) });
export type ProgrammeHistory = z.infer<typeof ProgrammeHistory>;

/** `?before=` is the id of an entry; `?about=` the id of a room or a Café. */
export const HistoryPage = z.looseObject({ before: z.optional(Id), about: z.optional(Id) });

/** A place and a time of a Café, as “what is new” shows them. */
const PublicPlace = z.object({ room: z.string(), startsAt: Instant, endsAt: Instant });
/** `GET /events/{slug}/changes`: what is new in a published programme, the latest first; without drafts and without reasons. */
export const PublicChange = z.object({
  id: Id,
  at: Instant,
  change: z.enum(['added', 'moved', 'cancelled']),
  cafeId: Id,
  title: z.string(),
  /** Only for a move. */
  from: z.optional(PublicPlace),
  to: z.optional(PublicPlace),
});
export type PublicChange = z.infer<typeof PublicChange>;
