import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Undelivered } from '#contract';
import { call } from '../shared/api.ts';
import { ProblemNote } from '../shared/form.tsx';
import { useFormat } from '../shared/format.ts';
import { useStaffWords } from '../shared/words/staff.ts';

/** The messages that were given up, with what the mail server said: an address can be put right, and the message sent again. */
export function UndeliveredList({ slug, failed, timeZone }: { slug: string; failed: number; timeZone?: string }) {
  const { organise: words } = useStaffWords();
  const { dated } = useFormat(timeZone);
  const client = useQueryClient();
  const [sending, setSending] = useState<string>();
  const [error, setError] = useState<unknown>();
  const path = `/events/${encodeURIComponent(slug)}/undelivered`;
  // Asked for again whenever the live figure beside it changes.
  const { data = [] } = useQuery({
    queryKey: ['undelivered', slug, failed],
    queryFn: () => call<Undelivered[]>('GET', path),
    enabled: failed > 0,
  });
  async function sendAgain(id: string) {
    setSending(id);
    setError(undefined);
    try {
      await call('POST', `${path}/${id}/send-again`);
      await client.invalidateQueries({ queryKey: ['undelivered', slug] });
    } catch (fault) {
      setError(fault);
    } finally {
      setSending(undefined);
    }
  }
  if (data.length === 0) return null;
  return (
    <details>
      <summary>{words.undelivered(data.length)}</summary>
      <ul className="undelivered">
        {data.map(({ id, name, email, at, reason }) => (
          <li key={id}>
            <p>
              <bdi>{name}</bdi> · {email}
              <br />
              <small>
                {dated(at)} · {reason}
              </small>
            </p>
            <button type="button" disabled={sending === id} onClick={() => void sendAgain(id)}>
              {words.sendAgain}
            </button>
          </li>
        ))}
      </ul>
      <ProblemNote error={error} />
    </details>
  );
}
