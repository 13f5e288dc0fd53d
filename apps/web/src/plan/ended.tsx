import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Cafe, EventProgramme, Registration } from '#contract';
import { call } from '../shared/api.ts';
import { useCounts } from '../shared/live.ts';
import { isOpen } from '../shared/seats.tsx';
import { useWords } from '../shared/words/index.ts';
import { endingOf } from './ending.ts';

/** Reads the receipt of an ended registration. It does not change any more. */
export function useReceipt(registrationId: string) {
  return useQuery({
    queryKey: ['receipt', registrationId],
    queryFn: () => call('GET /registrations/{id}/receipt', { id: registrationId }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Shows why a registration ended, and the link to take another seat in the same Café. @param now in milliseconds since 1970 */
export function Ended(props: { registration: Registration; event?: EventProgramme; now: number }) {
  const { registration, event, now } = props;
  const words = useWords();
  const { data: receipt } = useReceipt(registration.id);
  const ending = receipt && endingOf(receipt);
  const cafe = event?.cafes.find(({ id }) => id === registration.cafeId);
  return (
    <>
      {ending && <p className="ending">{words.plan.ended[ending]}</p>}
      {cafe && isOpen(cafe, now) && <TakeAgain cafe={cafe} />}
    </>
  );
}

/** The link to the Café of the ended registration, if a seat or a place in its waitlist can be taken. */
export function TakeAgain({ cafe }: { cafe: Cafe }) {
  const words = useWords();
  const { free } = useCounts(cafe);
  if (free === 0 && !cafe.waitlistOpen) return null;
  return (
    <Link href={`/cafes/${cafe.id}`} className="button strong">
      {free > 0 ? words.plan.takeAgain : words.claim.join}
    </Link>
  );
}
