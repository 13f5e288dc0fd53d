import { isDeepStrictEqual } from 'node:util';
import type { Database, Prisma } from '#platform';
import { checkProgramme, type Fault, ProgrammeDocument, ProgrammeFaults } from './document.ts';

/** What a load did. Loading the same document again does nothing. */
export interface Loaded {
  eventId: string;
  added: number;
  changed: number;
}

/** One load runs at a time. */
const LOAD_LOCK = 7_212_025;
/** How long one load may take, and wait for a connection, in milliseconds: 20,000 Cafés take about a minute. */
const LOAD_TIMEOUT_MS = 300_000;
const CONNECT_TIMEOUT_MS = 10_000;

type Outcome = 'added' | 'changed' | 'same';
type Transaction = Prisma.TransactionClient;
type RoomOfDocument = ProgrammeDocument['rooms'][number];
type CafeOfDocument = ProgrammeDocument['cafes'][number];

/**
 * Bring the database to a document, in one transaction: what is new is added, what differs is changed, nothing is removed.
 * The seats of a Café that is already there stay as they are: the organiser may have changed them since.
 * Faults of what is there: a Café with registrations whose room or time differs from the document (its attendees would not be
 * told), and a room that would be smaller than what its Cafés have given.
 * @throws ProgrammeFaults with the faults and their places; nothing was changed then.
 */
export async function loadProgramme(database: Database, document: unknown): Promise<Loaded> {
  const faults = checkProgramme(document);
  if (faults.length > 0) throw new ProgrammeFaults(faults);
  const programme = ProgrammeDocument.parse(document);
  return database.prisma.$transaction((transaction) => load(transaction, programme), {
    timeout: LOAD_TIMEOUT_MS,
    maxWait: CONNECT_TIMEOUT_MS,
  });
}

async function load(transaction: Transaction, { event, rooms, cafes }: ProgrammeDocument): Promise<Loaded> {
  await transaction.$executeRaw`select pg_advisory_xact_lock(${LOAD_LOCK})`;
  const loadedEvent = await loadEvent(transaction, event);
  const eventId = loadedEvent.id;
  const outcomes: Outcome[] = [loadedEvent.outcome];

  const knownRooms = await transaction.room.findMany({ where: { eventId } });
  const roomIds = new Map(knownRooms.map(({ code, id }) => [code, id]));
  // Cafés leave a room before it becomes smaller: a fault of the sum is one that the document itself has.
  const shrinking: { room: RoomOfDocument; position: number; id: string }[] = [];
  for (const [position, room] of rooms.entries()) {
    const known = knownRooms.find(({ code }) => code === room.code);
    if (known && room.capacity < known.capacity) shrinking.push({ room, position, id: known.id });
    const loaded = await loadRoom(transaction, eventId, { ...room, position }, known);
    roomIds.set(room.code, loaded.id);
    outcomes.push(loaded.outcome);
  }

  const faults: Fault[] = [];
  const knownCafes = new Map(
    (await transaction.cafe.findMany({ where: { eventId } })).map((cafe) => [cafe.code, cafe]),
  );
  for (const [position, cafe] of cafes.entries()) {
    const row = cafeRow(cafe, { roomId: roomIds.get(cafe.room) as string, position });
    const outcome = await loadCafe(transaction, eventId, row, cafe.capacity, knownCafes.get(cafe.code));
    if (outcome === 'has-registrations') faults.push({ path: `cafes.${position}`, message: HAS_REGISTRATIONS });
    else outcomes.push(outcome);
  }
  if (faults.length > 0) throw new ProgrammeFaults(faults);
  for (const { room, position, id } of shrinking) {
    const fault = await shrinkRoom(transaction, id, room.capacity);
    if (fault) faults.push({ path: `rooms.${position}.capacity`, message: fault });
  }
  if (faults.length > 0) throw new ProgrammeFaults(faults);
  const count = (which: Outcome) => outcomes.filter((outcome) => outcome === which).length;
  return { eventId, added: count('added'), changed: count('changed') };
}

const HAS_REGISTRATIONS =
  'the Café has registrations, and another room or time than here: move it as an organiser, which tells its people, or give its room and times here as they are';

async function loadEvent(transaction: Transaction, event: ProgrammeDocument['event']) {
  const { slug, title, timeZone, locales, unprovedSharePercent, replyTo } = event;
  const row = {
    slug,
    title,
    timeZone,
    startsAt: new Date(event.startsAt),
    endsAt: new Date(event.endsAt),
    locales,
    ...(unprovedSharePercent !== undefined && { unprovedSharePercent }),
    ...(replyTo !== undefined && { replyTo }),
  };
  const known = await transaction.event.findUnique({ where: { slug } });
  if (!known) {
    const { id } = await transaction.event.create({ data: row });
    return { id, outcome: 'added' as const };
  }
  const data = changesOf(known, row);
  if (!data) return { id: known.id, outcome: 'same' as const };
  await transaction.event.update({ where: { id: known.id }, data });
  return { id: known.id, outcome: 'changed' as const };
}

/** A room; one that becomes smaller keeps its capacity for now (`shrinkRoom`). */
async function loadRoom(
  transaction: Transaction,
  eventId: string,
  row: RoomOfDocument & { position: number },
  known: Prisma.RoomGetPayload<object> | undefined,
): Promise<{ id: string; outcome: Outcome }> {
  if (!known) {
    const { id } = await transaction.room.create({ data: { eventId, ...row } });
    return { id, outcome: 'added' };
  }
  const changes = changesOf(known, row);
  if (!changes) return { id: known.id, outcome: 'same' };
  const capacity = Math.max(row.capacity, known.capacity);
  await transaction.room.update({ where: { id: known.id }, data: { ...changes, capacity } });
  return { id: known.id, outcome: 'changed' };
}

/** Make a room smaller. Returns why it cannot be; the transaction goes on all the same. */
async function shrinkRoom(transaction: Transaction, id: string, capacity: number): Promise<string | undefined> {
  await transaction.$executeRaw`savepoint shrink_room`;
  try {
    await transaction.room.update({ where: { id }, data: { capacity } });
    await transaction.$executeRaw`release savepoint shrink_room`;
    return undefined;
  } catch (error) {
    if (!violates(error, 'room_slot_never_oversold')) throw error;
    await transaction.$executeRaw`rollback to savepoint shrink_room`;
    return `Cafés that run in the room at the same time have more than ${capacity} seats taken together: keep the room larger, or move one of them as an organiser first`;
  }
}

/** What the document says of a Café, as its row has it. */
function cafeRow(cafe: CafeOfDocument, { roomId, position }: { roomId: string; position: number }) {
  const { code, kind, texts, hosts, speakers, contacts, language } = cafe;
  const [startsAt, endsAt] = [new Date(cafe.startsAt), new Date(cafe.endsAt)];
  return { code, roomId, kind, position, texts, hosts, speakers, contacts, language, startsAt, endsAt };
}

async function loadCafe(
  transaction: Transaction,
  eventId: string,
  row: ReturnType<typeof cafeRow>,
  capacity: number,
  known: Prisma.CafeGetPayload<object> | undefined,
): Promise<Outcome | 'has-registrations'> {
  if (!known) {
    const { id } = await transaction.cafe.create({ data: { eventId, ...row }, select: { id: true } });
    await transaction.$executeRaw`select cafe_seats_open(${id}::uuid, ${capacity}::integer, 'open', true)`;
    return 'added';
  }
  const data = changesOf(known, row);
  if (!data) return 'same';
  if (data.roomId || data.startsAt || data.endsAt) {
    // Locks the Café's counts: nobody registers between this look and the change.
    const [seats] = await transaction.$queryRaw<
      { taken: boolean }[]
    >`select cafe_seats_taken(${known.id}::uuid) as taken`;
    if (seats?.taken) return 'has-registrations';
  }
  await transaction.cafe.update({ where: { id: known.id }, data });
  return 'changed';
}

/** The values of a row that differ from those that are there; undefined where none does. */
function changesOf<Row extends object>(known: { [Name in keyof Row]?: unknown }, row: Row): Partial<Row> | undefined {
  const changes = Object.entries(row).filter(
    ([name, value]) => !isDeepStrictEqual(plain(known[name as keyof Row]), plain(value)),
  );
  return changes.length === 0 ? undefined : (Object.fromEntries(changes) as Partial<Row>);
}

/** JSON as the database gives it back: without members that are undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Whether Postgres refused a statement because of this check constraint. */
function violates(error: unknown, constraint: string): boolean {
  const { message, meta, cause } = error as { message?: string; meta?: object; cause?: object };
  return [message, JSON.stringify(meta), JSON.stringify(cause)].some((text) => text?.includes(constraint));
}
