import * as z from 'zod/mini';

/** What an entry of the audit log records. */
export const AuditWhat = z.enum([
  'installation-set-up',
  'installation-changed',
  'organisation-created',
  'organisation-changed',
  'role-granted',
  'role-revoked',
  'invitation-sent',
  'invitation-sent-again',
  'invitation-accepted',
  'invitation-revoked',
  'event-created',
  'event-changed',
  'event-duplicated',
  'event-shifted',
  'event-published',
  'event-withdrawn',
  'event-deleted',
  'programme-loaded',
  'programme-imported',
  'room-created',
  'room-changed',
  'room-deleted',
  'rooms-reordered',
  'cafe-created',
  'cafe-changed',
  'cafe-duplicated',
  'cafe-moved',
  'cafe-opened',
  'cafe-closed',
  'cafe-cancelled',
  'cafe-restored',
  'cafe-deleted',
  'cafes-reordered',
  'seats-released',
  'change-undone',
]);
export type AuditWhat = z.infer<typeof AuditWhat>;

/** What an entry is about. */
export const AuditSubject = z.enum(['installation', 'organisation', 'event', 'room', 'cafe', 'attendee', 'invitation']);
export type AuditSubject = z.infer<typeof AuditSubject>;

/** The fields that a change changed, by name, with their values before or after it. */
export const AuditFields = z.record(z.string(), z.unknown());
export type AuditFields = z.infer<typeof AuditFields>;
