import { type CurrentCafe, ProblemError } from '#contract';
import type { Query } from './query.ts';

interface SettingsRow {
  version: string;
  capacity: number;
  target_capacity: number | null;
  state: NonNullable<CurrentCafe['state']>;
  waitlist_open: boolean;
  room_id: string;
  starts_at: Date;
  ends_at: Date;
}

/**
 * Throws the problem for the outcome `version-changed` of the SQL functions: the client expects another version of the Café.
 * @param names the fields that the client wanted to change
 * @throws ProblemError `version-changed` {version, current}: the current version, and the current values of `names`; `cafe-not-found`
 */
export async function refuseOtherVersion(
  query: Query,
  cafeId: string,
  names: readonly (keyof CurrentCafe)[],
): Promise<never> {
  const [row] = await query<SettingsRow>(
    `select c.version + s.settings_version as version, s.capacity, s.target_capacity, s.state, s.waitlist_open,
       c.room_id, c.starts_at, c.ends_at
     from cafe c join cafe_seats s on s.cafe_id = c.id where c.id = $1`,
    [cafeId],
  );
  if (!row) throw new ProblemError('cafe-not-found');
  const values: CurrentCafe = {
    capacity: row.capacity,
    ...(row.target_capacity !== null && { targetCapacity: row.target_capacity }),
    state: row.state,
    waitlistOpen: row.waitlist_open,
    roomId: row.room_id,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
  };
  const current = Object.fromEntries(
    Object.entries(values).filter(([name]) => names.includes(name as keyof CurrentCafe)),
  );
  throw new ProblemError('version-changed', { version: Number(row.version), current });
}
