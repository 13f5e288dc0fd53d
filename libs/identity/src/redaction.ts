import type { Prisma } from '#platform';

/** The members of an answer that say who somebody is (see the answers of delegations and walk-ins in the contract). */
const PERSONAL_MEMBERS = new Set(['name', 'email', 'organisation', 'registeredBy']);

type Json = Prisma.JsonValue;

/**
 * An answer without the name and address of one attendee. An object that says one of `marks` (id, address), itself or in an object inside
 * of it, is about them: its personal members become empty texts, so that the answer keeps its shape. The elements of a list are looked at
 * one by one. Whether they got a seat stays: that is the answer.
 */
export function withoutAttendee(answer: unknown, marks: readonly string[]): Prisma.InputJsonValue {
  return redact(answer as Json, marks, false) as Prisma.InputJsonValue;
}

function redact(value: Json, marks: readonly string[], isPartOfTheirs: boolean): Json {
  if (Array.isArray(value)) return value.map((element) => redact(element, marks, false));
  if (!isObject(value)) return value;
  const isTheirs = isPartOfTheirs || mentions(value, marks);
  return Object.fromEntries(
    Object.entries(value).map(([name, member = null]) => [
      name,
      isTheirs && PERSONAL_MEMBERS.has(name) ? '' : redact(member, marks, isTheirs),
    ]),
  );
}

function mentions(value: Json | undefined, marks: readonly string[]): boolean {
  if (typeof value === 'string') return marks.includes(value);
  return isObject(value) && Object.values(value).some((member) => mentions(member, marks));
}

function isObject(value: Json | undefined): value is Prisma.JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
