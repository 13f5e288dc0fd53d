import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Registration } from '#contract';
import { call } from '../shared/api.ts';
import { ProblemNote } from '../shared/ui.tsx';
import { useWords } from '../shared/words/index.ts';

/** The answer to an offered seat: yes or no. Where yes gives another seat back, it says so first. */
export function Offer({ registration }: { registration: Registration }) {
  const words = useWords();
  const client = useQueryClient();
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  async function answer(how: 'accept' | 'decline') {
    setSending(true);
    setError(undefined);
    try {
      await call('POST', `/registrations/${registration.id}/${how}`);
    } catch (fault) {
      setError(fault);
    }
    // Also after a refusal: the offer may have run out meanwhile.
    await client.invalidateQueries({ queryKey: ['registrations'] });
    setSending(false);
  }
  return (
    <div className="sure">
      {registration.overlapping && <p>{words.mine.swaps}</p>}
      <button type="button" className="primary" disabled={sending} onClick={() => void answer('accept')}>
        {words.mine.accept}
      </button>
      <button type="button" className="quiet" disabled={sending} onClick={() => void answer('decline')}>
        {words.mine.decline}
      </button>
      <ProblemNote error={error} />
    </div>
  );
}
