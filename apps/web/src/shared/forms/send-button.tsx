import type { ReactNode, Ref } from 'react';
import { useWords } from '../words/index.ts';

/** The main button of a form. It stays enabled while the form is sent, because a disabled button loses the focus. Without `press` it submits its form. */
export function SendButton(props: {
  sending: boolean;
  press?: () => void;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}) {
  const words = useWords();
  const { sending, press, ref, children } = props;
  return (
    <button
      type={press ? 'button' : 'submit'}
      className="primary"
      ref={ref}
      aria-disabled={sending}
      onClick={sending ? undefined : press}
    >
      {sending ? words.sending : children}
    </button>
  );
}
