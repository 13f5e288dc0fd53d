import type { SignInAnswer, SignInVerify } from '#contract';
import { claimTokens, forgetGuestSeats } from '../programme/guest-seat.ts';
import { call } from '../shared/api.ts';
import { useSessionChanged } from '../shared/data.ts';
import { announceSignIn } from '../shared/sign-in-elsewhere.ts';

/**
 * Show that one reads a mailbox: then one is signed in, and every page of this browser knows. `registrationId`: the claim whose mail has
 * the code. @throws ApiProblem
 */
export function useVerify(): (answer: SignInVerify, registrationId?: string) => Promise<void> {
  const changed = useSessionChanged();
  return async (answer, registrationId) => {
    // What this browser claimed with the address is confirmed with it.
    const body: SignInVerify = { ...answer, claimTokens: claimTokens(registrationId) };
    const { attendee } = await call<SignInAnswer>('POST', '/sign-in/verify', body);
    announceSignIn();
    await changed();
    forgetGuestSeats(attendee.email);
  };
}
