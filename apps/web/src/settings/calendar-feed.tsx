import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../shared/api.ts';
import { ProblemNote } from '../shared/problem-note.tsx';
import { useWords } from '../shared/words/index.ts';

const KEY = ['calendar-feed'];

/** The private address of the calendar feed, and the buttons that make it and replace it. */
export function CalendarFeed() {
  const words = useWords();
  const client = useQueryClient();
  const { data: feed } = useQuery({ queryKey: KEY, queryFn: () => call('GET /me/calendar-feed') });
  const [message, setMessage] = useState('');
  const [error, setError] = useState<unknown>();
  async function make(then: string) {
    setError(undefined);
    try {
      client.setQueryData(KEY, await call('POST /me/calendar-feed'));
      setMessage(then);
    } catch (thrown) {
      setError(thrown);
    }
  }
  const copy = (url: string) =>
    navigator.clipboard.writeText(url).then(() => setMessage(words.settings.feedCopied), setError);
  return (
    <section>
      <h2>{words.settings.feed}</h2>
      <p className="hint">{words.settings.feedLead}</p>
      {feed?.url ? (
        <>
          <input className="feed-link" readOnly value={feed.url} aria-label={words.settings.feed} />
          <div className="actions">
            <a href={feed.url.replace(/^https?:/, 'webcal:')} className="button">
              {words.settings.feedOpen}
            </a>
            <button type="button" onClick={() => void copy(feed.url ?? '')}>
              {words.settings.feedCopy}
            </button>
            <button type="button" className="quiet" onClick={() => void make(words.settings.feedRenewed)}>
              {words.settings.feedRenew}
            </button>
          </div>
        </>
      ) : (
        <button type="button" disabled={!feed} onClick={() => void make('')}>
          {words.settings.feedMake}
        </button>
      )}
      <span role="status">{message}</span>
      <ProblemNote error={error} />
    </section>
  );
}
