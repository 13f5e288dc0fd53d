import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Undelivered } from '#contract';
import { call } from '../shared/api.ts';
import { useFormat } from '../shared/format.ts';
import { ProblemNote } from '../shared/problem-note.tsx';
import { useStaffWords } from '../shared/words/staff.ts';

/** The undelivered messages, each with the mail server's answer and a button that sends it again. */
export function UndeliveredList({ slug, failed, timeZone }: { slug: string; failed: number; timeZone?: string }) {
  const { organise: words } = useStaffWords();
  const { dated } = useFormat(timeZone);
  const client = useQueryClient();
  const [sending, setSending] = useState<string>();
  const [sent, setSent] = useState<Undelivered>();
  const [error, setError] = useState<unknown>();
  const result = useRef<HTMLParagraphElement>(null);
  // The list is read again when the number of undelivered messages changes. Until the answer arrives, the old list is shown.
  const { data } = useQuery({
    queryKey: ['undelivered', slug, failed],
    queryFn: () => call('GET /events/{slug}/undelivered', { slug }),
    enabled: failed > 0,
    placeholderData: keepPreviousData,
  });
  const messages = (failed > 0 && data) || [];
  // The pressed button disappears with its row, so the focus moves to the result.
  useEffect(() => {
    if (sent) result.current?.focus();
  }, [sent]);
  async function sendAgain(message: Undelivered) {
    setSending(message.id);
    setSent(undefined);
    setError(undefined);
    try {
      await call('POST /events/{slug}/undelivered/{id}/send-again', { slug, id: message.id });
      await client.invalidateQueries({ queryKey: ['undelivered', slug] });
      setSent(message);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setSending(undefined);
    }
  }
  return (
    <div className="undelivered">
      {messages.length > 0 && (
        <details className="note bad">
          <summary>
            <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
              <path d="M12 3 2 21h20ZM12 10v5M12 17.5v.5" />
            </svg>
            {words.undelivered(messages.length)}
          </summary>
          <ul>
            {messages.map((message) => (
              <li key={message.id}>
                <p>
                  <bdi>{message.name}</bdi> · {message.email}
                  <br />
                  <small>
                    {dated(message.at)} · {message.reason}
                  </small>
                </p>
                <button type="button" disabled={sending === message.id} onClick={() => void sendAgain(message)}>
                  {words.sendAgain}
                </button>
              </li>
            ))}
          </ul>
          <ProblemNote error={error} />
        </details>
      )}
      <p role="status" tabIndex={-1} ref={result}>
        {sent && words.sentAgain(sent.name)}
      </p>
    </div>
  );
}
