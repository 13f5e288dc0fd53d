import type { CafeSeats, PendingClosing, Registration, RegistrationStatus, RoomSlot } from '#contract';
import type { OwnedRegistration } from './types.ts';

/** Rows as `pg` returns them: bigint as text, instants as Date. */
export interface CafeRow {
  cafe_id: string;
  event_id: string;
  room_id: string;
  state: string;
  waitlist_open: boolean;
  target_capacity: number | null;
  settings_version: string;
  version: string;
  capacity: number;
  taken: number;
  waitlisted: number;
  present: number;
  room_slots: RoomSlot[] | null;
  closing: PendingClosing | null;
}

/** A pending change in the form of its schema. */
export const pendingChange = `jsonb_build_object(
    'id', p.id, 'msLeft', greatest(0, floor(extract(epoch from p.applies_at - seats_now()) * 1000)::integer)
  )`;
/** A pending closing in the form of its schema. */
const closing = `${pendingChange} || case when p.covers_earlier then '{"coversEarlier": true}' else '{}' end::jsonb`;

export const selectCafe = `
  select c.id as cafe_id, c.event_id, c.room_id, s.state, s.waitlist_open, s.target_capacity, s.settings_version,
    s.version, s.capacity, s.taken, s.waitlisted, s.present,
    case when s.pooled then (
      select json_agg(json_build_object('capacity', t.capacity, 'taken', t.taken, 'version', t.version, 'cafeIds', t.cafe_ids) order by t.starts_at)
      from room_slots_of(c.id) t
    ) end as room_slots,
    (select ${closing} from pending_change p where p.cafe_id = c.id and p.cause <> 'no-show') as closing
  from cafe c join cafe_seats s on s.cafe_id = c.id`;

export interface RegistrationRow {
  id: string;
  cafe_id: string;
  attendee_id: string;
  status: RegistrationStatus;
  waitlist_position: number | null;
  expires_at: Date | null;
  checked_in_at: Date | null;
  created_at: Date;
  event_id: string;
  starts_at: Date;
  ends_at: Date;
  overlapping: boolean;
  guest: boolean;
  prove_by: Date | null;
}

export const selectRegistration = `
  select r.id, r.cafe_id, r.attendee_id, r.status, r.expires_at, r.checked_in_at, r.overlapping, r.guest, r.prove_by, r.created_at, c.event_id, c.starts_at, c.ends_at,
    case when r.status = 'waitlisted' then waitlist_position(r.cafe_id, r.waitlist_number) end as waitlist_position
  from registration r join cafe c on c.id = r.cafe_id`;

/** A registration that a change touched. */
export interface ChangedRow {
  registration_id: string;
  attendee_id: string;
  cafe_id: string;
}

export function changedRow(registration: OwnedRegistration): ChangedRow {
  return { registration_id: registration.id, attendee_id: registration.attendeeId, cafe_id: registration.cafeId };
}

export type Counts = Pick<CafeRow, 'cafe_id' | 'version' | 'capacity' | 'taken' | 'waitlisted' | 'present'>;

export function seats(row: Counts): CafeSeats {
  return {
    cafeId: row.cafe_id,
    version: Number(row.version),
    capacity: row.capacity,
    taken: row.taken,
    free: Math.max(0, row.capacity - row.taken),
    waitlisted: row.waitlisted,
    present: row.present,
  };
}

export function countsOnly({ cafeId, version, capacity, taken, free, waitlisted, present }: CafeSeats): CafeSeats {
  return { cafeId, version, capacity, taken, free, waitlisted, present };
}

export function registration(row: RegistrationRow): OwnedRegistration {
  return {
    id: row.id,
    cafeId: row.cafe_id,
    eventId: row.event_id,
    attendeeId: row.attendee_id,
    status: row.status,
    ...(row.guest && activeGuestStatuses.has(row.status) && { guest: true }),
    ...registrationMoments(row),
    ...(row.overlapping && { overlapping: true }),
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
  };
}

/** A guest registration has the mark until it ends or is confirmed. */
const activeGuestStatuses = new Set<RegistrationStatus>(['held', 'waitlisted']);

/** The waitlist position and the times that a registration has. */
function registrationMoments(
  row: Pick<RegistrationRow, 'waitlist_position' | 'expires_at' | 'prove_by' | 'checked_in_at' | 'created_at'>,
): Pick<Registration, 'waitlistPosition' | 'expiresAt' | 'proveBy' | 'checkedInAt' | 'createdAt'> {
  return {
    ...(row.waitlist_position !== null && { waitlistPosition: row.waitlist_position }),
    ...(row.expires_at && { expiresAt: row.expires_at.toISOString() }),
    ...(row.prove_by && { proveBy: row.prove_by.toISOString() }),
    ...(row.checked_in_at && { checkedInAt: row.checked_in_at.toISOString() }),
    createdAt: row.created_at.toISOString(),
  };
}

/** A registration that was claimed without a session. When it is no guest registration any more, with what its claim token shows. */
export interface ClaimedRow extends RegistrationRow {
  outcome: RegistrationStatus | null;
  until: Date | null;
  proved: boolean;
  is_over: boolean;
  /** The waitlist position of a guest who waits or would wait. */
  guest_position: number | null;
}

export const selectClaimed = `
  select n.*, o.status as outcome, o.until, o.proved, coalesce(o.until, n.ends_at) <= seats_now() as is_over,
    case when o.status = 'waitlisted' then waitlist_position(n.cafe_id, w.waitlist_number) end as guest_position
  from (${selectRegistration} where r.id = $1) n
  join registration w on w.id = n.id left join guest_outcome o on o.registration_id = n.id`;

export function seenByClaimToken(row: ClaimedRow): OwnedRegistration | undefined {
  const { outcome, until, proved, is_over: isOver, guest_position: position } = row;
  if (outcome === null) return row.guest ? registration(row) : undefined;
  if (proved && isOver) return undefined;
  const status = isOver ? 'expired' : outcome;
  return registration({
    ...row,
    status,
    guest: !proved,
    waitlist_position: status === 'waitlisted' ? position : null,
    expires_at: status === 'held' ? until : status === 'offered' ? row.expires_at : null,
    prove_by: status === 'waitlisted' && !proved ? until : null,
    checked_in_at: null,
    overlapping: proved && status === 'offered',
  });
}
