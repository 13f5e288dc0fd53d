import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, call } from '../shared/api.ts';
import { serverNow } from '../shared/network.ts';
import { forgetGuestSeat, type GuestSeat, updateGuestSeat, useGuestSeats } from '../shared/registrations/guest-seat.ts';
import { nextAskMs } from './claim-pace.ts';

/** Learns on every page what becomes of what this browser claimed without a session. Shows nothing. */
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
    // Never while the page is hidden; at once when it is seen again, as after a look into the mailbox, and with the network.
    refetchInterval: next,
    refetchOnWindowFocus: () => next() !== false && 'always',
    refetchOnReconnect: () => next() !== false && 'always',
  });
  return null;
}
