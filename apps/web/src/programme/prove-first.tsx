import type { Clash } from '#contract';
import type { ApiProblem } from '../shared/api.ts';
import { takeFocus } from '../shared/form.tsx';
import { useWords } from '../shared/words/index.ts';
import { CodeForm } from '../sign-in/code-form.tsx';
import { ClashLine } from './clash.tsx';

/**
 * Somebody without a session typed an address that has a seat in the way: who reads its mailbox goes on from here, with the swap.
 * Of a proved address the server tells no more than that, and it has just written there.
 */
export function ProveFirst(props: { problem: ApiProblem; email: string; eventId: string; other: () => void }) {
  const { problem, email, eventId, other } = props;
  const words = useWords();
  const clashes = (problem.problem.clashesWith ?? []) as Clash[];
  const known = problem.code === 'not-signed-in';
  return (
    <div className="note clash" ref={takeFocus} tabIndex={-1}>
      <strong>{known ? words.claim.known : words.claim.clashTitle}</strong>
      {clashes.length > 0 && (
        <ul className="plain">
          {clashes.map((clash) => (
            <ClashLine key={clash.registrationId} {...clash} eventId={eventId} />
          ))}
        </ul>
      )}
      <p>{known ? words.claim.knownNext(email) : words.claim.clashGuest(email)}</p>
      <CodeForm email={email}>
        <button type="button" className="quiet" onClick={other}>
          {words.signIn.other}
        </button>
      </CodeForm>
    </div>
  );
}
