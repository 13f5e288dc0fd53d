import { defaultLocale, type GuestClaim, type Locale, type Me, type MeChange, ProblemError } from '#contract';
import { type Database, prepared } from '#platform';
import type { Roles } from './roles.ts';

/** An attendee, as other libs see it. */
export interface Attendee {
  attendeeId: string;
  name: string;
  organisation?: string;
  /** Absent of a walk-in without an address, who gets no message and never signs in (docs/adr/0041). */
  email?: string;
  locale: Locale;
  /** The attendee showed once that they read the mailbox of `email`. */
  proved: boolean;
  /** Whether the attendee wants reminders of their seats. */
  reminders: boolean;
  /** Whether a name was given. Otherwise the name is made from the address. */
  nameGiven: boolean;
  /** The client that typed the address last had caused many mails before. */
  laterMails: boolean;
}

interface AttendeeRow {
  id: string;
  email: string | null;
  name: string;
  organisation: string | null;
  locale: Locale;
  proved: boolean;
  reminders: boolean;
  name_given: boolean;
  later_mails: boolean;
}

/**
 * Every mail and every page with names reads attendees. These reads do not use Prisma, which takes 3.5 times the processor time for one
 * attendee and 4 times for a list of 100 (450 against 130 µs, 2,000 against 500 µs on 2 cores).
 */
const SELECT_ATTENDEE =
  'select id, email, name, organisation, locale, email_proved_at is not null as proved, reminders, name_given, later_mails from attendee';

/**
 * Updates the data that was typed with an address, as long as its attendee is not proved and has no registration. Any visitor may type any
 * address, so after the first registration only a person who proves the address can change the data. Before that, the update resets
 * `created_at`, so that the cleanup job keeps the row for one more day.
 */
const UPSERT_BY_EMAIL = `
  insert into attendee as a (email, name, organisation, locale, later_mails) values ($1, $2, $3, $4, $5)
  on conflict (email) do update set later_mails = excluded.later_mails, (name, name_given, organisation, locale, created_at) = (
    select
      case when kept.stands then a.name else excluded.name end,
      case when kept.stands then a.name_given else true end,
      case when kept.stands then a.organisation else excluded.organisation end,
      case when kept.stands then a.locale else excluded.locale end,
      case when kept.stands then a.created_at else now() end
    from (
      select a.email_proved_at is not null or attendee_has_open_registration(a.id) as stands
    ) kept
  )
  returning id`;

const PROVE_ADDRESS = `
  insert into attendee as a (email, name, locale, email_proved_at, name_given) values ($1, $2, $3, now(), $5)
  on conflict (email) do update set
    email_proved_at = coalesce(a.email_proved_at, now()),
    locale = case when $4 and a.email_proved_at is null then excluded.locale else a.locale end
  returning id`;

const INSERT_WITHOUT_ADDRESS = 'insert into attendee (name, organisation, locale) values ($1, $2, $3) returning id';

/** The records of attendees. An e-mail address in the form of the contract (`Email`) identifies an attendee; a walk-in may have none. */
export class Attendees {
  readonly #database: Database;
  readonly #roles: Roles;

  constructor(database: Database, roles: Roles) {
    this.#database = database;
    this.#roles = roles;
  }

  async findById(attendeeId: string): Promise<Attendee | undefined> {
    const [found] = await this.#read(`${SELECT_ATTENDEE} where id = $1`, [attendeeId]);
    return found;
  }

  async findByEmail(email: string): Promise<Attendee | undefined> {
    const [found] = await this.#read(`${SELECT_ATTENDEE} where email = $1`, [email]);
    return found;
  }

  /** Finds attendees by id. Unknown ids have no entry. */
  async findByIds(attendeeIds: string[]): Promise<Map<string, Attendee>> {
    const found = await this.#read(`${SELECT_ATTENDEE} where id = any ($1)`, [attendeeIds]);
    return new Map(found.map((attendee) => [attendee.attendeeId, attendee]));
  }

  /** Returns the attendee's own profile, with their roles. Undefined for an attendee without an address, who cannot sign in. */
  async profileOf(attendeeId: string): Promise<Me | undefined> {
    const [found, roles] = await Promise.all([this.findById(attendeeId), this.#roles.of(attendeeId)]);
    if (!found?.email) return undefined;
    const { email, name, organisation, locale, reminders, nameGiven } = found;
    return {
      id: attendeeId,
      email,
      name,
      ...(organisation && { organisation }),
      locale,
      reminders,
      ...(!nameGiven && { nameIsFromAddress: true as const }),
      roles,
    };
  }

  /** Changes the given members and no others. @throws ProblemError `not-signed-in` if the attendee does not exist. */
  async updateProfile(attendeeId: string, { name, locale, organisation, reminders }: MeChange): Promise<Me> {
    await this.#database.prisma.attendee.updateMany({
      where: { id: attendeeId },
      data: { name, locale, organisation, reminders, ...(name !== undefined && { nameGiven: true }) },
    });
    const changed = await this.profileOf(attendeeId);
    if (!changed) throw new ProblemError('not-signed-in');
    return changed;
  }

  /** When the attendee was created, and when they proved the address; ISO 8601. */
  async datesOf(attendeeId: string): Promise<{ createdAt: string; emailProvedAt?: string } | undefined> {
    const found = await this.#database.prisma.attendee.findUnique({
      where: { id: attendeeId },
      select: { createdAt: true, emailProvedAt: true },
    });
    if (!found) return undefined;
    const { createdAt, emailProvedAt } = found;
    return {
      createdAt: createdAt.toISOString(),
      ...(emailProvedAt && { emailProvedAt: emailProvedAt.toISOString() }),
    };
  }

  /**
   * Creates the attendee of an address that a visitor typed, or updates the typed data as long as `UPSERT_BY_EMAIL` allows it.
   * @param by `laterMails`: the client that typed the address caused many mails before
   * @returns the attendee's id
   */
  async upsertByEmail({ name, email, locale, organisation }: GuestClaim, by = { laterMails: false }): Promise<string> {
    const values = [email, name, organisation ?? null, locale ?? defaultLocale, by.laterMails];
    return this.#idOf(UPSERT_BY_EMAIL, values);
  }

  /** Creates a new attendee without an address. @returns the attendee's id */
  async createWithoutAddress({ name, organisation, locale }: Omit<GuestClaim, 'email'>): Promise<string> {
    return this.#idOf(INSERT_WITHOUT_ADDRESS, [name, organisation ?? null, locale ?? defaultLocale]);
  }

  /** Creates the attendee of an address for an operator, without a proof of the address. @returns the attendee's id */
  async ensureByEmail(email: string): Promise<string> {
    const { attendee } = this.#database.prisma;
    await attendee.createMany({
      data: { email, name: nameFrom(email), nameGiven: false, locale: defaultLocale },
      skipDuplicates: true,
    });
    return (await attendee.findUniqueOrThrow({ where: { email }, select: { id: true } })).id;
  }

  /**
   * Records that the owner of a mailbox showed that they read it, and creates the attendee if there is none.
   * @param options `name` of a new attendee, otherwise made from the address; `keepLocale`: the page is not in the language of the
   * attendee, so `locale` is used for a new attendee only
   * @returns the attendee's id
   */
  async proveAddress(
    email: string,
    locale: Locale,
    { name, keepLocale = false }: { name?: string | undefined; keepLocale?: boolean } = {},
  ): Promise<string> {
    return this.#idOf(PROVE_ADDRESS, [email, name ?? nameFrom(email), locale, !keepLocale, name !== undefined]);
  }

  async #read(text: string, values: unknown[]): Promise<Attendee[]> {
    return (await this.#database.pool.query<AttendeeRow>(prepared(text, values))).rows.map(attendeeOfRow);
  }

  async #idOf(text: string, values: unknown[]): Promise<string> {
    const { rows } = await this.#database.pool.query<{ id: string }>(prepared(text, values));
    return (rows[0] as { id: string }).id;
  }
}

function attendeeOfRow(row: AttendeeRow): Attendee {
  const { id: attendeeId, email, name, organisation, locale, proved, reminders } = row;
  const { name_given: nameGiven, later_mails: laterMails } = row;
  const own = { attendeeId, name, ...(organisation && { organisation }), ...(email && { email }), locale };
  return { ...own, proved, reminders, nameGiven, laterMails };
}

/** A name for the owner of `lea.martin@example.org` until they change it: “lea martin”. */
function nameFrom(email: string): string {
  const local = email.slice(0, email.indexOf('@')).replace(/\+.*$/, '');
  return (
    local
      .split(/[._-]+/)
      .filter(Boolean)
      .join(' ') || local
  );
}
