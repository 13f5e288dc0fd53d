import { useState } from 'react';
import type { Me } from '#contract';
import { useChangeMe } from '../shared/data.ts';
import { ProblemNote } from '../shared/problem-note.tsx';
import { useWords } from '../shared/words/index.ts';

/** The setting for reminders by mail. */
export function Reminders({ me }: { me: Me }) {
  const words = useWords();
  const change = useChangeMe();
  const [error, setError] = useState<unknown>();
  return (
    <section>
      <h2>{words.settings.reminders}</h2>
      <p className="hint">{words.settings.remindersLead}</p>
      <label className="check">
        <input
          type="checkbox"
          checked={me.reminders}
          onChange={(event) => {
            setError(undefined);
            change({ reminders: event.target.checked }).catch(setError);
          }}
        />
        {words.settings.remindersOn}
      </label>
      <ProblemNote error={error} />
    </section>
  );
}
