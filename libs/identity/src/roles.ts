import { type AuditLog, auditEntry } from '#audit-log';
import type { Role } from '#contract';
import { type Database, Prisma } from '#platform';

/** An attendee's address and one of their roles. */
export interface RoleHolder {
  email: string;
  role: Role;
}

/** Where a role is valid, as the table `role_grant` has it. */
interface RoleScope {
  role: Role['role'];
  eventId: string;
  roomId: string | null;
}

/** The scope as columns of a row. The role of an owner has no event. */
interface RoleRow {
  role: RoleScope['role'] | 'owner';
  eventId: string | null;
  roomId: string | null;
}

/** The role of an owner in a row: it is valid for the whole installation. */
const OWNER = { role: 'owner', eventId: null, roomId: null } as const satisfies RoleRow;

/** The roles of attendees. Each change is recorded in the audit log, in the transaction that makes it. */
export class Roles {
  readonly #prisma: Database['prisma'];
  readonly #auditLog: AuditLog;

  constructor({ prisma }: Database, auditLog: AuditLog) {
    this.#prisma = prisma;
    this.#auditLog = auditLog;
  }

  /** Safe to repeat. @param changedBy an attendee; without one, the operator of the installation. */
  async grant(attendeeId: string, role: Role, changedBy?: string): Promise<void> {
    await this.#grant({ attendeeId, ...scopeOf(role) }, changedBy);
  }

  /** Makes an attendee an owner of the installation. Safe to repeat. */
  async grantOwner(attendeeId: string): Promise<void> {
    await this.#grant({ attendeeId, ...OWNER });
  }

  /** @returns whether the attendee was an owner of the installation. */
  revokeOwner(attendeeId: string): Promise<boolean> {
    return this.#revoke({ attendeeId, ...OWNER });
  }

  async isOwner(attendeeId: string): Promise<boolean> {
    return (await this.#prisma.roleGrant.findFirst({ where: { attendeeId, ...OWNER }, select: { id: true } })) !== null;
  }

  /** The addresses of the owners of the installation, in alphabetical order. */
  async owners(): Promise<string[]> {
    const found = await this.#prisma.roleGrant.findMany({
      where: OWNER,
      select: { attendee: { select: { email: true } } },
    });
    return found.flatMap(({ attendee }) => attendee.email ?? []).sort();
  }

  async #grant(scope: RoleRow & { attendeeId: string }, changedBy?: string): Promise<void> {
    try {
      await this.#prisma.$transaction([
        this.#prisma.roleGrant.create({ data: scope }),
        auditEntry(this.#prisma, { what: 'role-granted', ...entryOf(scope, changedBy), after: fieldsOf(scope) }),
      ]);
    } catch (error) {
      if (!isPrismaError(error, 'P2002')) throw error;
    }
  }

  /** Grants a role, unless it was granted or revoked before: a revocation is not undone. */
  async grantOnce(attendeeId: string, role: Role): Promise<void> {
    const changed = await this.#auditLog.hasRoleEntry(attendeeId, role.eventId, fieldsOf(scopeOf(role)));
    if (!changed) await this.grant(attendeeId, role);
  }

  /** @param changedBy as in `grant`. @returns whether the attendee had the role. */
  revoke(attendeeId: string, role: Role, changedBy?: string): Promise<boolean> {
    return this.#revoke({ attendeeId, ...scopeOf(role) }, changedBy);
  }

  async #revoke(scope: RoleRow & { attendeeId: string }, changedBy?: string): Promise<boolean> {
    const { roleGrant } = this.#prisma;
    const granted = await roleGrant.findFirst({ where: scope, select: { id: true } });
    if (!granted) return false;
    try {
      await this.#prisma.$transaction([
        roleGrant.delete({ where: granted, select: { id: true } }),
        auditEntry(this.#prisma, { what: 'role-revoked', ...entryOf(scope, changedBy), before: fieldsOf(scope) }),
      ]);
    } catch (error) {
      // Another request revoked it in the meantime.
      if (isPrismaError(error, 'P2025')) return false;
      throw error;
    }
    return true;
  }

  /** The roles of an attendee, in the order in which they were granted. */
  async of(attendeeId: string): Promise<Role[]> {
    const found = await this.#prisma.roleGrant.findMany({ where: { attendeeId }, orderBy: { id: 'asc' } });
    return found.flatMap(roleOf);
  }

  /** All attendees with a role in an event: organisers first, then by address. */
  async in(eventId: string): Promise<RoleHolder[]> {
    const found = await this.#prisma.roleGrant.findMany({
      where: { eventId },
      include: { attendee: { select: { email: true } } },
      orderBy: [{ role: 'desc' }, { attendee: { email: 'asc' } }, { id: 'asc' }],
    });
    return found.flatMap((grant) => roleOf(grant).map((role) => ({ email: grant.attendee.email ?? '', role })));
  }
}

/** Converts a role to columns. `roleOf` is the inverse. */
function scopeOf(role: Role): RoleScope {
  return { role: role.role, eventId: role.eventId, roomId: role.role === 'host' ? role.roomId : null };
}

/** Converts a row of `role_grant`. Undefined for an owner of the installation, which `isOwner` checks. */
function roleOf({ role, eventId, roomId }: RoleRow): Role[] {
  if (role === 'owner' || eventId === null) return [];
  return [role === 'host' ? { role, eventId, roomId: roomId as string } : { role, eventId }];
}

/** The part of an entry of the audit log that says whose role changed and who changed it. */
function entryOf({ attendeeId, eventId }: RoleRow & { attendeeId: string }, actorId: string | undefined) {
  return { subject: { kind: 'attendee', id: attendeeId } as const, actorId, eventId: eventId ?? undefined };
}

/** A role as the audit log has it. The event is a column there. */
function fieldsOf({ role, roomId }: RoleRow): { role: string; roomId?: string } {
  return { role, ...(roomId !== null && { roomId }) };
}

function isPrismaError(error: unknown, code: string): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === code;
}
