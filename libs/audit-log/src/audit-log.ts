import type { AuditFields, AuditSubject, AuditWhat } from '#contract';
import type { Database } from '#platform';

/** The most entries that one statement reads. */
const PAGE_MAX = 500;
/** The most different people that `people` returns. */
const PEOPLE_MAX = 2_000;

/** Which entries to read. */
export interface AuditQuery {
  /** Entries about one event, about an organisation with its events, or all (`installation`). */
  of: { eventId: string } | { organisationId: string } | 'installation';
  what?: readonly AuditWhat[];
  /** The attendee who made the change; `null`: the command line or the installation. */
  actorId?: string | null;
  /** Entries at this instant or later; ISO 8601. */
  from?: string;
  /** Entries before this instant; ISO 8601. */
  until?: string;
  /** A part of the label, of the reason or of a changed value; upper and lower case are equal. */
  text?: string;
  /** Entries by or about these attendees have the text as well, because their names have it. */
  textPeople?: readonly string[];
  /** Entries that are older than the entry of this id. */
  before?: string;
}

/** An entry as it is stored. Who the actor is, and an attendee who is the subject, stands in the records of attendees. */
export interface RecordedEntry {
  id: string;
  /** ISO 8601. */
  at: string;
  what: AuditWhat;
  actorId?: string;
  organisationId?: string;
  eventId?: string;
  subject: { kind: AuditSubject; id?: string; label: string };
  before?: AuditFields;
  after?: AuditFields;
  reason?: string;
}

interface AuditRow {
  id: string;
  at: Date;
  actor_id: string | null;
  organisation_id: string | null;
  event_id: string | null;
  what: AuditWhat;
  subject_kind: AuditSubject;
  subject_id: string | null;
  label: string;
  before: AuditFields | null;
  after: AuditFields | null;
  reason: string | null;
}

/** Reads the audit log. */
export class AuditLog {
  readonly #pool: Database['pool'];

  constructor({ pool }: Database) {
    this.#pool = pool;
  }

  /** The entries, latest first. @param limit 500 at most */
  async list(query: AuditQuery, limit: number): Promise<RecordedEntry[]> {
    const { conditions, values } = conditionsOf(query);
    const { rows } = await this.#pool.query<AuditRow>(
      `select id, at, actor_id, organisation_id, event_id, what, subject_kind, subject_id, label, before, after, reason
       from audit_log where ${conditions} order by id desc limit $${values.length + 1}`,
      [...values, Math.min(limit, PAGE_MAX)],
    );
    return rows.map(entryOf);
  }

  /** All entries, latest first, in pages, for an export. A page is read when the one before it was used. */
  async *pages(query: AuditQuery): AsyncGenerator<RecordedEntry[]> {
    let before = query.before;
    for (;;) {
      const page = await this.list({ ...query, before }, PAGE_MAX);
      if (page.length > 0) yield page;
      if (page.length < PAGE_MAX) return;
      before = page.at(-1)?.id;
    }
  }

  /** The ids of the attendees that made changes, and of those that changes are about; 2,000 at most of each. */
  async people(of: AuditQuery['of']): Promise<{ actorIds: string[]; subjectIds: string[] }> {
    const { conditions, values } = conditionsOf({ of });
    const ids = async (column: string, condition: string) =>
      (
        await this.#pool.query<{ id: string }>(
          `select distinct ${column} as id from audit_log where ${conditions} and ${condition} limit ${PEOPLE_MAX}`,
          values,
        )
      ).rows.map(({ id }) => id);
    return {
      actorIds: await ids('actor_id', 'actor_id is not null'),
      subjectIds: await ids('subject_id', `subject_kind = 'attendee'`),
    };
  }

  /** Whether a role of an attendee was granted or revoked before. `role`: as in `before` and `after` of these entries. */
  async hasRoleEntry(attendeeId: string, eventId: string, role: AuditFields): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `select from audit_log
       where subject_id = $1 and event_id = $2 and what in ('role-granted', 'role-revoked') and coalesce(after, before) @> $3
       limit 1`,
      [attendeeId, eventId, JSON.stringify(role)],
    );
    return rowCount !== 0;
  }
}

/** The condition of a query with its values. */
function conditionsOf(query: AuditQuery): { conditions: string; values: unknown[] } {
  const { of, what, actorId, from, until, text, textPeople = [], before } = query;
  const conditions = ['true'];
  const values: unknown[] = [];
  const add = (condition: (parameter: string) => string, value: unknown) => {
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  if (of !== 'installation' && 'eventId' in of) add((id) => `event_id = ${id}`, of.eventId);
  if (of !== 'installation' && 'organisationId' in of) add((id) => `organisation_id = ${id}`, of.organisationId);
  if (what !== undefined) add((list) => `what = any (${list})`, what);
  if (actorId === null) conditions.push('actor_id is null');
  if (typeof actorId === 'string') add((id) => `actor_id = ${id}`, actorId);
  if (from !== undefined) add((instant) => `at >= ${instant}`, from);
  if (until !== undefined) add((instant) => `at < ${instant}`, until);
  if (before !== undefined) add((id) => `id < ${id}`, before);
  if (text !== undefined) {
    values.push(textPeople);
    const people = `$${values.length}::uuid[]`;
    add(
      (part) => `(strpos(lower(concat_ws(' ', label, reason, before, after)), lower(${part})) > 0
        or actor_id = any (${people}) or subject_id = any (${people}))`,
      text,
    );
  }
  return { conditions: conditions.join(' and '), values };
}

function entryOf(row: AuditRow): RecordedEntry {
  const { id, at, what, label } = row;
  return {
    id,
    at: at.toISOString(),
    what,
    ...(row.actor_id !== null && { actorId: row.actor_id }),
    ...(row.organisation_id !== null && { organisationId: row.organisation_id }),
    ...(row.event_id !== null && { eventId: row.event_id }),
    subject: { kind: row.subject_kind, ...(row.subject_id !== null && { id: row.subject_id }), label },
    ...(row.before !== null && { before: row.before }),
    ...(row.after !== null && { after: row.after }),
    ...(row.reason !== null && { reason: row.reason }),
  };
}
