import { call } from '../api.ts';
import { useFormat } from '../format.ts';
import { useContentLocale, useWords } from '../words/index.ts';

/**
 * Returns a function that requests a mail with a code and returns the text to show: that the mail was sent, or when the next one can be sent.
 * `token`: the token of the sign-in link that is open; the server then sends the mail of that link again.
 * @throws ApiProblem
 */
export function useAskCode(): (email: string, sent: (email: string) => string, token?: string) => Promise<string> {
  const words = useWords();
  const locale = useContentLocale();
  const { wait } = useFormat();
  return async (email, sent, token) => {
    const asked = await call('POST /sign-in', { body: { email, locale, token } });
    if (asked.status === 'sent') return sent(email);
    const say = asked.status === 'sent-already' ? words.signIn.sentAlready : words.signIn.sentLater;
    return say(email, wait(asked.againInSeconds * 1_000));
  };
}
