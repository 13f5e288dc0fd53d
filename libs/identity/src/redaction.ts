import type { Prisma } from '#platform';

/** The members of an answer that identify a person (see the answers of delegations and walk-ins in the contract). */
const PERSONAL_MEMBERS = new Set(['name', 'email', 'organisation', 'registeredBy']);

type Json = Prisma.JsonValue;

/**
 * Removes the name and address of one attendee from an answer. An object that contains one of `identifiers` (id, address), also in a nested
 * object, is about the attendee: its personal members become empty texts, so that the answer keeps its shape. The elements of a list are
 * checked one by one. The result of the request, for example whether the attendee got a seat, is kept.
 */
export function withoutAttendee(answer: unknown, identifiers: readonly string[]): Prisma.InputJsonValue {
  return redact(answer as Json, identifiers, false) as Prisma.InputJsonValue;
}

function redact(value: Json, identifiers: readonly string[], isNested: boolean): Json {
  if (Array.isArray(value)) return value.map((element) => redact(element, identifiers, false));
  if (!isObject(value)) return value;
  const isAboutAttendee = isNested || mentions(value, identifiers);
  return Object.fromEntries(
    Object.entries(value).map(([name, member = null]) => [
      name,
      isAboutAttendee && PERSONAL_MEMBERS.has(name) ? '' : redact(member, identifiers, isAboutAttendee),
    ]),
  );
}

function mentions(value: Json | undefined, identifiers: readonly string[]): boolean {
  if (typeof value === 'string') return identifiers.includes(value);
  return isObject(value) && Object.values(value).some((member) => mentions(member, identifiers));
}

function isObject(value: Json | undefined): value is Prisma.JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
