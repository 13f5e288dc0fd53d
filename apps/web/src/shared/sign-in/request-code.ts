import { call } from '../api.ts';
import { useFormat } from '../format.ts';
import { useContentLocale, useWords } from '../words/index.ts';

/**
 * Returns a function that requests a mail with a code. It resolves with the text to show: that the mail was sent, or when the next one can be sent.
 * `token`: the token of an opened sign-in link, to send the mail of that link again.
 * @throws ApiProblem
 */
export function useRequestCode(): (email: string, sent: (email: string) => string, token?: string) => Promise<string> {
  const words = useWords();
  const locale = useContentLocale();
  const { wait } = useFormat();
  return async (email, sent, token) => {
    const answer = await call('POST /sign-in', { body: { email, locale, token } });
    if (answer.status === 'sent') return sent(email);
    const text = answer.status === 'sent-already' ? words.signIn.sentAlready : words.signIn.sentLater;
    return text(email, wait(answer.againInSeconds * 1_000));
  };
}
