import type { Pool } from 'pg';
import type { Role } from '#contract';
import { prepared } from '#platform';

/** A person and one of their roles. */
export interface RoleHolder {
  email: string;
  role: Role;
}

interface RoleRow {
  role: Role['role'];
  event_id: string;
  room_id: string | null;
}

const recordChange = (change: 'granted' | 'revoked') =>
  `insert into role_change (change, changed_by, attendee_id, role, event_id, room_id)
   select '${change}', $5, attendee_id, role, event_id, room_id from changed returning id`;

/** What people may do besides attending. Each change is recorded in `role_change` by the statement that makes it. */
export class Roles {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async grant(attendeeId: string, role: Role, changedBy?: string): Promise<void> {
    await this.#pool.query(
      `with changed as (
         insert into role_grant (attendee_id, role, event_id, room_id) values ($1, $2, $3, $4)
         on conflict do nothing returning attendee_id, role, event_id, room_id
       ) ${recordChange('granted')}`,
      valuesOf(attendeeId, role, changedBy),
    );
  }

  /** Grant a role that was neither granted nor revoked before, so that no revocation is undone. */
  async grantOnce(attendeeId: string, role: Role): Promise<void> {
    await this.#pool.query(
      `with changed as (
         insert into role_grant (attendee_id, role, event_id, room_id)
         select w.* from (values ($1::uuid, $2::role_name, $3::uuid, $4::uuid)) as w (attendee_id, role, event_id, room_id)
         where not exists (
           select from role_change c
           where c.attendee_id = w.attendee_id and c.role = w.role and c.event_id = w.event_id
             and c.room_id is not distinct from w.room_id
         )
         on conflict do nothing returning attendee_id, role, event_id, room_id
       ) ${recordChange('granted')}`,
      valuesOf(attendeeId, role, undefined),
    );
  }

  /** @returns whether the person had the role. */
  async revoke(attendeeId: string, role: Role, changedBy?: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `with changed as (
         delete from role_grant
         where attendee_id = $1 and role = $2 and event_id = $3 and room_id is not distinct from $4
         returning attendee_id, role, event_id, room_id
       ) ${recordChange('revoked')}`,
      valuesOf(attendeeId, role, changedBy),
    );
    return rowCount === 1;
  }

  async of(attendeeId: string): Promise<Role[]> {
    const found = await this.#pool.query<RoleRow>(
      prepared('select role, event_id, room_id from role_grant where attendee_id = $1 order by id', [attendeeId]),
    );
    return found.rows.map(roleOf);
  }

  /** Everyone who has a role in an event: organisers first, then by address. */
  async in(eventId: string): Promise<RoleHolder[]> {
    const found = await this.#pool.query<RoleRow & { email: string }>(
      `select a.email, g.role, g.event_id, g.room_id
       from role_grant g join attendee a on a.id = g.attendee_id
       where g.event_id = $1 order by g.role desc, a.email, g.id`,
      [eventId],
    );
    return found.rows.map((row) => ({ email: row.email, role: roleOf(row) }));
  }
}

function valuesOf(attendeeId: string, role: Role, changedBy: string | undefined) {
  return [attendeeId, role.role, role.eventId, role.role === 'host' ? role.roomId : null, changedBy ?? null];
}

function roleOf({ role, event_id: eventId, room_id: roomId }: RoleRow): Role {
  return role === 'host' ? { role, eventId, roomId: roomId as string } : { role, eventId };
}
