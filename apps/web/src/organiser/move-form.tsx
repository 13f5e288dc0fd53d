import { useState } from 'react';
import type { CafeMove, MovePreview } from '#contract';
import { Choices } from '../shared/forms/choices.tsx';
import { Form } from '../shared/forms/form.tsx';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';

type Decisions = Pick<CafeMove, 'clashes' | 'excess'>;

/** Shows the effect of a move on people, the choices for their seats, and the button that moves the Café. */
export function MoveForm(props: {
  preview: MovePreview;
  /** The number of people with a seat or a place in the waitlist. They all get a mail. */
  people: number;
  sending: boolean;
  move: (decisions: Decisions) => void;
}) {
  const { preview, people, sending, move } = props;
  const words = useWords();
  const { cafe: staff, forms } = useStaffWords();
  const [clashes, setClashes] = useState<Decisions['clashes']>();
  const [isExcessCancelled, setExcessCancelled] = useState(false);
  const { excess } = preview;
  const clashing = preview.clashes.length > 0;
  function submit() {
    move({ ...(clashing && { clashes }), ...(excess > 0 && { excess: 'cancel' }) });
  }
  return (
    <Form send={submit} className="short-form">
      {clashing && (
        <>
          <ul className="people">
            {preview.clashes.map(({ registrationId, name, otherCafeId, otherTitle }) => (
              <li key={`${registrationId} ${otherCafeId}`}>
                <span className="who">
                  <b>
                    <bdi>{name}</bdi>
                  </b>
                  <span className="hosts">{staff.alsoIn(otherTitle)}</span>
                </span>
              </li>
            ))}
          </ul>
          <Choices
            legend={staff.decide}
            name="clashes"
            check={() => (clashes === undefined ? forms.clashesMissing : undefined)}
          >
            {(['swap', 'keep', 'cancel'] as const).map((each) => (
              <label key={each} className="mode">
                <input type="radio" name="clashes" checked={clashes === each} onChange={() => setClashes(each)} />
                <span>
                  <b>{staff.decisions[each]}</b>
                  <small className="hint">{staff.decisionHints[each]}</small>
                </span>
              </label>
            ))}
          </Choices>
        </>
      )}
      {excess > 0 && (
        <Choices
          legend={staff.excess(excess)}
          name="excess"
          check={() => (isExcessCancelled ? undefined : forms.excessMissing)}
        >
          <label className="mode">
            <input
              type="checkbox"
              checked={isExcessCancelled}
              onChange={(event) => setExcessCancelled(event.target.checked)}
            />
            <span>
              <b>{staff.cancelExcess(excess)}</b>
              <small className="hint">{staff.cancelExcessHint}</small>
            </span>
          </label>
        </Choices>
      )}
      <p className="hint">{staff.mailed(people)}</p>
      <div className="actions">
        <button type="submit" className="primary" disabled={sending}>
          {sending ? words.sending : staff.go}
        </button>
      </div>
    </Form>
  );
}
