import type { AuditFields, AuditSubject, AuditWhat } from '#contract';
import type { Database } from '#platform';

/** An entry to write. */
export interface NewAuditEntry {
  what: AuditWhat;
  /** `id` is missing for the installation alone. `label`: its name now; empty for an attendee, whose name is read from the record of the attendee. */
  subject: { kind: AuditSubject; id?: string; label?: string };
  /** The attendee who makes the change; missing for the command line and the installation itself. */
  actorId?: string;
  /** Missing for an entry about the installation, and for one with an `eventId`: then it is the organisation of that event. */
  organisationId?: string;
  eventId?: string;
  /** The changed fields alone, see `changedFields`. Missing: the subject is new. */
  before?: AuditFields;
  /** Missing: the subject is deleted. */
  after?: AuditFields;
  /** What the actor wrote as the reason, 300 characters at most. */
  reason?: string;
}

/** A client of `pg` in a transaction. */
interface Client {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Anything of Prisma that runs raw statements: the client, or the client of a transaction. */
type RawPrisma = Pick<Database['prisma'], '$executeRaw'>;

/** Writes an entry in the transaction of a client of `pg`. */
export async function writeAuditEntry(client: Client, entry: NewAuditEntry): Promise<void> {
  await client.query('select audit_log_write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', valuesOf(entry));
}

/**
 * Writes an entry with Prisma.
 * @returns an operation for the list of `$transaction`, beside the change that it records
 */
export function auditEntry(prisma: RawPrisma, entry: NewAuditEntry): ReturnType<RawPrisma['$executeRaw']> {
  const [what, kind, id, actorId, organisationId, eventId, label, before, after, reason] = valuesOf(entry);
  return prisma.$executeRaw`select audit_log_write(
    ${what}, ${kind}, ${id}::uuid, ${actorId}::uuid, ${organisationId}::uuid, ${eventId}::uuid, ${label},
    ${before}::jsonb, ${after}::jsonb, ${reason})`;
}

/** Writes an entry in an interactive transaction of Prisma. Returns its id. */
export async function recordAuditEntry(
  transaction: Pick<Database['prisma'], '$queryRaw'>,
  entry: NewAuditEntry,
): Promise<string> {
  const [what, kind, id, actorId, organisationId, eventId, label, before, after, reason] = valuesOf(entry);
  const [written] = await transaction.$queryRaw<{ id: string }[]>`select audit_log_write(
    ${what}, ${kind}, ${id}::uuid, ${actorId}::uuid, ${organisationId}::uuid, ${eventId}::uuid, ${label},
    ${before}::jsonb, ${after}::jsonb, ${reason}) as id`;
  return written?.id ?? '';
}

function valuesOf({ what, subject, actorId, organisationId, eventId, before, after, reason }: NewAuditEntry) {
  const ids = [subject.id ?? null, actorId ?? null, organisationId ?? null, eventId ?? null];
  return [what, subject.kind, ...ids, subject.label ?? '', json(before), json(after), reason ?? null];
}

function json(fields: AuditFields | undefined): string | null {
  return fields === undefined ? null : JSON.stringify(fields);
}

/**
 * The fields that differ between two records, by their JSON.
 * @returns undefined when none does: such a change needs no entry
 */
export function changedFields(
  before: AuditFields,
  after: AuditFields,
): { before: AuditFields; after: AuditFields } | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return undefined;
  const those = (fields: AuditFields) => Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
  return { before: those(before), after: those(after) };
}
