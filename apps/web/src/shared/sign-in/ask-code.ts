import { call } from '../api.ts';
import { useFormat } from '../format.ts';
import { useContentLocale, useWords } from '../words/index.ts';

/**
 * Ask for a mail with a code, and say in words what happened: a mail went out, or when the next one may. `token`: of the link that is open,
 * whose mail is sent again.
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
