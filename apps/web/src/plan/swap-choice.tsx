import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Cafe, EventProgramme, Registration } from '#contract';
import { call } from '../shared/api.ts';
import { wantFocus } from '../shared/focus.ts';
import { useFormat } from '../shared/format.ts';
import { useAllCounts } from '../shared/live.ts';
import { ProblemNote } from '../shared/problem-note.tsx';
import { overlap } from '../shared/registrations/own-registrations.ts';
import { seatWords } from '../shared/seats.tsx';
import { RoundTable } from '../shared/table.tsx';
import { useContentAttributes, useWords } from '../shared/words/index.ts';

/** The other Cafés at the same time with free seats. A tap swaps the seats; if that is not possible, nothing changes. */
export function SwapChoice({ registration, event }: { registration: Registration; event?: EventProgramme }) {
  const words = useWords();
  const counts = useAllCounts(true, registration.cafeId);
  const client = useQueryClient();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const others = (event?.cafes ?? []).filter(
    (cafe) =>
      cafe.id !== registration.cafeId && cafe.state === 'open' && overlap(cafe, registration) && counts(cafe).free > 0,
  );
  async function swap(cafeId: string) {
    setSending(true);
    setError(undefined);
    try {
      const { id } = await call('POST /registrations/{id}/swap', { id: registration.id, body: { cafeId } });
      wantFocus(`confirmed ${id}`);
    } catch (thrown) {
      setError(thrown);
    }
    await client.invalidateQueries({ queryKey: ['registrations'] });
    setSending(false);
  }
  return (
    <div className="swap">
      <p>{others.length > 0 ? words.plan.swapLead : words.plan.swapNone}</p>
      <ul>
        {others.map((cafe) => (
          <Other
            key={cafe.id}
            cafe={cafe}
            seats={counts(cafe)}
            timeZone={event?.timeZone}
            sending={sending}
            swap={swap}
          />
        ))}
      </ul>
      <ProblemNote error={error} />
    </div>
  );
}

function Other(props: {
  cafe: Cafe;
  seats: Cafe['seats'];
  timeZone?: string;
  sending: boolean;
  swap: (cafeId: string) => Promise<void>;
}) {
  const { cafe, seats, timeZone, sending, swap } = props;
  const words = useWords();
  const contentAttributes = useContentAttributes();
  const { span } = useFormat(timeZone);
  return (
    <li>
      <RoundTable seats={seats} size={48} />
      <span className="who">
        <b {...contentAttributes}>{cafe.title}</b>
        <span className="hosts">
          {span(cafe.startsAt, cafe.endsAt)} · {seatWords(words, seats)}
        </span>
      </span>
      <button
        type="button"
        disabled={sending}
        aria-label={`${words.plan.swap} : ${cafe.title}`}
        onClick={() => void swap(cafe.id)}
      >
        {words.plan.swap}
      </button>
    </li>
  );
}
