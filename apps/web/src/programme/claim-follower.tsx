import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, call } from '../shared/api.ts';
import { serverNow } from '../shared/network.ts';
import { type GuestSeat, removeGuestSeat, updateGuestSeat, useGuestSeats } from '../shared/registrations/guest-seat.ts';
import { nextReadMs } from './claim-pace.ts';

/** Polls the guest registrations of this browser, on every page. Renders nothing. */
export function ClaimFollower() {
  return useGuestSeats().map((seat) => seat.claimToken && <Followed key={seat.registration.id} {...seat} />);
}

function Followed({ registration, claimToken = '' }: GuestSeat) {
  const { id } = registration;
  const [since] = useState(serverNow);
  const next = () => nextReadMs(registration, serverNow() - since, serverNow());
  useQuery({
    queryKey: ['claim', id],
    queryFn: async () => {
      try {
        const headers = { 'claim-token': claimToken };
        updateGuestSeat(await call('GET /registrations/{id}', { id, headers }));
      } catch (thrown) {
        if (!(thrown instanceof ApiProblem) || thrown.code !== 'registration-not-found') throw thrown;
        removeGuestSeat(id);
      }
      return serverNow();
    },
    retry: false,
    // Does not poll while the page is hidden. Polls at once when the page becomes visible (the person may have read the mail) or the network is back.
    refetchInterval: next,
    refetchOnWindowFocus: () => next() !== false && 'always',
    refetchOnReconnect: () => next() !== false && 'always',
  });
  return null;
}
