import type { SignInVerify } from '#contract';
import { call } from '../api.ts';
import { useSessionChanged } from '../data.ts';
import { claimTokens, forgetGuestSeats } from '../registrations/guest-seat.ts';
import { announceSignIn } from '../sign-in-elsewhere.ts';

/**
 * Show that one reads a mailbox: then one is signed in, and every page of this browser knows. `registrationId`: the claim whose mail has
 * the code. @throws ApiProblem
 */
export function useVerify(): (answer: SignInVerify, registrationId?: string) => Promise<void> {
  const changed = useSessionChanged();
  return async (answer, registrationId) => {
    // What this browser claimed with the address is confirmed with it.
    const body: SignInVerify = { ...answer, claimTokens: claimTokens(registrationId) };
    const { attendee } = await call('POST /sign-in/verify', { body });
    announceSignIn();
    await changed();
    forgetGuestSeats(attendee.email);
  };
}
