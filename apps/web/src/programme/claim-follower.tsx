import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, call } from '../shared/api.ts';
import { serverNow } from '../shared/network.ts';
import { forgetGuestSeat, type GuestSeat, updateGuestSeat, useGuestSeats } from '../shared/registrations/guest-seat.ts';
import { nextAskMs } from './claim-pace.ts';

/** Reads the state of this browser's guest registrations again and again, on every page. Renders nothing. */
export function ClaimFollower() {
  return useGuestSeats().map((seat) => seat.claimToken && <Followed key={seat.registration.id} {...seat} />);
}

function Followed({ registration, claimToken = '' }: GuestSeat) {
  const { id } = registration;
  const [since] = useState(serverNow);
  const next = () => nextAskMs(registration, serverNow() - since, serverNow());
  useQuery({
    queryKey: ['claim', id],
    queryFn: async () => {
      try {
        const headers = { 'claim-token': claimToken };
        updateGuestSeat(await call('GET /registrations/{id}', { id, headers }));
      } catch (fault) {
        if (!(fault instanceof ApiProblem) || fault.code !== 'registration-not-found') throw fault;
        forgetGuestSeat(id);
      }
      return serverNow();
    },
    retry: false,
    // Not while the page is hidden. At once when the page is visible again (after a look into the mailbox) or the network is back.
    refetchInterval: next,
    refetchOnWindowFocus: () => next() !== false && 'always',
    refetchOnReconnect: () => next() !== false && 'always',
  });
  return null;
}
