/**
 * The audit log: who changed what, when, from what to what. Owner of the tables audit_log and role_change.
 *
 * A change and its entry are written in one transaction: with Prisma by `auditEntry`, with a client of `pg` by `writeAuditEntry`, in SQL by
 * the function `audit_log_write`.
 */
export { AuditLog, type AuditQuery, type RecordedEntry } from './audit-log.ts';
export { auditEntry, changedFields, type NewAuditEntry, recordAuditEntry, writeAuditEntry } from './writing.ts';
