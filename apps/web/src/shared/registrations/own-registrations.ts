import type { Cafe, Registration } from '#contract';

type Span = Pick<Cafe, 'startsAt' | 'endsAt'>;

const SEATED = ['held', 'offered', 'confirmed'];

/** Whether a registration is a seat or a place in line, and not over. */
export function isActive({ status }: Registration): boolean {
  return status === 'waitlisted' || SEATED.includes(status);
}

/** Whether a registration is its person's own, not one that somebody without a session made with their address. */
export function isOwn({ guest }: Registration): boolean {
  return guest !== true;
}

/** What somebody without a session claimed with the address of the person who is signed in, and waits for their yes. */
export function askedWith(registrations: Registration[] | undefined): Registration[] {
  return (registrations ?? []).filter((each) => !isOwn(each) && isActive(each));
}

/**
 * The person's own registration in a Café. `given`, the answer to their claim, stands for it only until the list has it: from then on
 * the list knows what became of it.
 */
export function mineIn(
  cafeId: string,
  registrations: Registration[] | undefined,
  given?: Registration,
): Registration | undefined {
  const mine = registrations?.find((each) => each.cafeId === cafeId && isOwn(each) && isActive(each));
  return mine ?? (registrations?.some(({ id }) => id === given?.id) ? undefined : given);
}

/** One ends after the other begins, both ways. */
export function overlap(one: Span, other: Span): boolean {
  return one.startsAt < other.endsAt && other.startsAt < one.endsAt;
}

/**
 * The seats that stand in the way of one in this Café. A place in line stands in nobody's way, nor does an offer to swap, nor what
 * somebody else claimed with the person's address.
 */
export function clashesOf(cafe: Span & { id: string }, registrations: Registration[] | undefined): Registration[] {
  return (registrations ?? []).filter(
    (each) =>
      SEATED.includes(each.status) &&
      isOwn(each) &&
      !each.overlapping &&
      each.cafeId !== cafe.id &&
      overlap(each, cafe),
  );
}

/** Whether a seat can be swapped for another: it is sure, and nobody sits on it yet. */
export function canSwap({ status, checkedInAt }: Registration): boolean {
  return status === 'confirmed' && !checkedInAt;
}
