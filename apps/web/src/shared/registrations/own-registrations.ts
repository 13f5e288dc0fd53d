import type { Cafe, Registration } from '#contract';

type Span = Pick<Cafe, 'startsAt' | 'endsAt'>;

const SEATED = ['held', 'offered', 'confirmed'];

/** Whether a registration is a seat or a place in the waitlist that has not ended. */
export function isActive({ status }: Registration): boolean {
  return status === 'waitlisted' || SEATED.includes(status);
}

/** Whether a registration is the attendee's own, and not a guest registration with their address. */
export function isOwn({ guest }: Registration): boolean {
  return guest !== true;
}

/** Returns the active guest registrations with the address of the signed-in attendee, which the attendee may confirm. */
export function guestsToConfirm(registrations: Registration[] | undefined): Registration[] {
  return (registrations ?? []).filter((each) => !isOwn(each) && isActive(each));
}

/**
 * Returns the person's own active registration in a Café. `given`, the answer to the claim, is used only until the list contains that registration,
 * because the list has its newest status.
 */
export function mineIn(
  cafeId: string,
  registrations: Registration[] | undefined,
  given?: Registration,
): Registration | undefined {
  const mine = registrations?.find((each) => each.cafeId === cafeId && isOwn(each) && isActive(each));
  return mine ?? (registrations?.some(({ id }) => id === given?.id) ? undefined : given);
}

/** Whether two times overlap. */
export function overlap(one: Span, other: Span): boolean {
  return one.startsAt < other.endsAt && other.startsAt < one.endsAt;
}

/**
 * Returns the person's seats that overlap this Café in time. Places in the waitlist, offers to swap and guest registrations with the person's address
 * are not included.
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

/** Whether a registration can be given back: it is active, and the person is not checked in. */
export function canGiveBack(registration: Registration): boolean {
  return isActive(registration) && !registration.checkedInAt;
}

/** Whether a seat can be swapped: it is confirmed, and the person is not checked in. */
export function canSwap({ status, checkedInAt }: Registration): boolean {
  return status === 'confirmed' && !checkedInAt;
}
