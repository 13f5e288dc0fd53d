import type { SignInAnswer, SignInVerify } from '#contract';
import { forgetGuestSeats } from '../programme/guest-seat.ts';
import { call } from '../shared/api.ts';
import { useSessionChanged } from '../shared/data.ts';

/** Show that one reads a mailbox: then one is signed in, and every page knows. @throws ApiProblem */
export function useVerify(): (answer: SignInVerify) => Promise<void> {
  const changed = useSessionChanged();
  return async (answer) => {
    const { attendee } = await call<SignInAnswer>('POST', '/sign-in/verify', answer);
    await changed();
    forgetGuestSeats(attendee.email);
  };
}
