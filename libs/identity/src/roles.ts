import type { Role } from '#contract';
import { type Database, Prisma } from '#platform';

/** An attendee's address and one of their roles. */
export interface RoleHolder {
  email: string;
  role: Role;
}

/** Where a role is valid, as the tables `role_grant` and `role_change` have it. */
interface RoleScope {
  role: Role['role'];
  eventId: string;
  roomId: string | null;
}

/** The same in a row; an owner's has no event. */
interface RoleRow {
  role: RoleScope['role'] | 'owner';
  eventId: string | null;
  roomId: string | null;
}

/** The role of an owner in a row: it is valid for the whole installation. */
const OWNER = { role: 'owner', eventId: null, roomId: null } as const satisfies RoleRow;

/** What attendees may do besides attending. Each change is recorded in `role_change`, in the transaction that makes it. */
export class Roles {
  readonly #prisma: Database['prisma'];

  constructor({ prisma }: Database) {
    this.#prisma = prisma;
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
    const { roleGrant, roleChange } = this.#prisma;
    try {
      await this.#prisma.$transaction([
        roleGrant.create({ data: scope }),
        roleChange.create({ data: { ...scope, change: 'granted', changedBy } }),
      ]);
    } catch (error) {
      if (!isPrismaError(error, 'P2002')) throw error;
    }
  }

  /** As `grant`, unless the role was granted or revoked before: no revocation is undone. */
  async grantOnce(attendeeId: string, role: Role): Promise<void> {
    const changed = await this.#prisma.roleChange.findFirst({ where: { attendeeId, ...scopeOf(role) } });
    if (!changed) await this.grant(attendeeId, role);
  }

  /** @param changedBy as in `grant`. @returns whether the attendee had the role. */
  revoke(attendeeId: string, role: Role, changedBy?: string): Promise<boolean> {
    return this.#revoke({ attendeeId, ...scopeOf(role) }, changedBy);
  }

  async #revoke(scope: RoleRow & { attendeeId: string }, changedBy?: string): Promise<boolean> {
    const { roleGrant, roleChange } = this.#prisma;
    const granted = await roleGrant.findFirst({ where: scope, select: { id: true } });
    if (!granted) return false;
    try {
      await this.#prisma.$transaction([
        roleGrant.delete({ where: granted, select: { id: true } }),
        roleChange.create({ data: { ...scope, change: 'revoked', changedBy } }),
      ]);
    } catch (error) {
      // Another request revoked it in between.
      if (isPrismaError(error, 'P2025')) return false;
      throw error;
    }
    return true;
  }

  /** In the order in which they were granted. */
  async of(attendeeId: string): Promise<Role[]> {
    const found = await this.#prisma.roleGrant.findMany({ where: { attendeeId }, orderBy: { id: 'asc' } });
    return found.flatMap(roleOf);
  }

  /** Everyone who has a role in an event: organisers first, then by address. */
  async in(eventId: string): Promise<RoleHolder[]> {
    const found = await this.#prisma.roleGrant.findMany({
      where: { eventId },
      include: { attendee: { select: { email: true } } },
      orderBy: [{ role: 'desc' }, { attendee: { email: 'asc' } }, { id: 'asc' }],
    });
    return found.flatMap((grant) => roleOf(grant).map((role) => ({ email: grant.attendee.email ?? '', role })));
  }
}

/** The one place that says which columns a role has; `roleOf` is its inverse. */
function scopeOf(role: Role): RoleScope {
  return { role: role.role, eventId: role.eventId, roomId: role.role === 'host' ? role.roomId : null };
}

/** A row of `role_grant`. Nothing for an owner of the installation: `isOwner` answers for that role. */
function roleOf({ role, eventId, roomId }: RoleRow): Role[] {
  if (role === 'owner' || eventId === null) return [];
  return [role === 'host' ? { role, eventId, roomId: roomId as string } : { role, eventId }];
}

function isPrismaError(error: unknown, code: string): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === code;
}
