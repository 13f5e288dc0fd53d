import type { SignInVerify } from '#contract';
import { call } from '../api.ts';
import { useSessionChanged } from '../data.ts';
import { claimTokens, forgetGuestSeats } from '../registrations/guest-seat.ts';
import { announceSignIn } from '../sign-in-elsewhere.ts';

/**
 * Returns a function that signs in with a code or a link, and updates every window of this browser. `registrationId`: the registration whose mail
 * has the code. @throws ApiProblem
 */
export function useVerify(): (answer: SignInVerify, registrationId?: string) => Promise<void> {
  const changed = useSessionChanged();
  return async (answer, registrationId) => {
    // The guest registrations of this browser with that address are confirmed as well.
    const body: SignInVerify = { ...answer, claimTokens: claimTokens(registrationId) };
    const { attendee } = await call('POST /sign-in/verify', { body });
    announceSignIn();
    await changed();
    forgetGuestSeats(attendee.email);
  };
}
