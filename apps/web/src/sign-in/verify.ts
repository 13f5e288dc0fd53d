import type { SignInAnswer, SignInVerify } from '#contract';
import { claimTokens, forgetGuestSeats } from '../programme/guest-seat.ts';
import { call } from '../shared/api.ts';
import { useSessionChanged } from '../shared/data.ts';

/** Show that one reads a mailbox: then one is signed in, and every page knows. @throws ApiProblem */
export function useVerify(): (answer: SignInVerify) => Promise<void> {
  const changed = useSessionChanged();
  return async (answer) => {
    // What this browser claimed with the address is confirmed with it.
    const body: SignInVerify = { ...answer, claimTokens: claimTokens() };
    const { attendee } = await call<SignInAnswer>('POST', '/sign-in/verify', body);
    await changed();
    forgetGuestSeats(attendee.email);
  };
}
