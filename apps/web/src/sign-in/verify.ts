import type { SignInAnswer } from '#contract';
import { claimTokens, forgetGuestSeats } from '../programme/guest-seat.ts';
import { call } from '../shared/api.ts';
import { useSessionChanged } from '../shared/data.ts';

/** The most claim tokens that the server takes with one answer. */
const CLAIM_TOKENS_MAX = 20;

/**
 * Show that one reads a mailbox: then one is signed in, and every page knows. The claim tokens of this browser go along, so that everything that was
 * claimed here is confirmed. @throws ApiProblem
 */
export function useVerify(): (
  answer: { email: string; code: string } | { token: string; code?: string },
) => Promise<void> {
  const changed = useSessionChanged();
  return async (answer) => {
    const body = { ...answer, claimTokens: claimTokens().slice(-CLAIM_TOKENS_MAX) };
    const { attendee } = await call<SignInAnswer>('POST', '/sign-in/verify', body);
    await changed();
    forgetGuestSeats(attendee.email);
  };
}
