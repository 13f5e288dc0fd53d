import { type FormEvent, useState } from 'react';
import type { CafeMove, MovePreview } from '#contract';
import { useWords } from '../shared/words/index.ts';
import { useStaffWords } from '../shared/words/staff.ts';

type Decisions = Pick<CafeMove, 'clashes' | 'excess'>;

/** Shows the effect of a move on people, the choices for their seats, and the button that moves the Café. */
export function MoveForm(props: {
  preview: MovePreview;
  /** The number of people with a seat or a place in the waitlist. They all get a mail. */
  told: number;
  sending: boolean;
  move: (decisions: Decisions) => void;
}) {
  const { preview, told, sending, move } = props;
  const words = useWords();
  const { cafe: staff } = useStaffWords();
  const [clashes, setClashes] = useState<Decisions['clashes']>();
  const { excess } = preview;
  const clashing = preview.clashes.length > 0;
  function submit(event: FormEvent) {
    event.preventDefault();
    move({ ...(clashing && { clashes }), ...(excess > 0 && { excess: 'cancel' }) });
  }
  return (
    <form onSubmit={submit} className="short-form">
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
          <fieldset className="modes">
            <legend>{staff.decide}</legend>
            {(['swap', 'keep', 'cancel'] as const).map((each) => (
              <label key={each} className="mode">
                <input
                  type="radio"
                  name="clashes"
                  checked={clashes === each}
                  onChange={() => setClashes(each)}
                  required
                />
                <span>
                  <b>{staff.decisions[each]}</b>
                  <small className="hint">{staff.decisionHints[each]}</small>
                </span>
              </label>
            ))}
          </fieldset>
        </>
      )}
      {excess > 0 && (
        <fieldset className="modes">
          <legend>{staff.excess(excess)}</legend>
          <label className="mode">
            <input type="checkbox" name="excess" required />
            <span>
              <b>{staff.cancelExcess(excess)}</b>
              <small className="hint">{staff.cancelExcessHint}</small>
            </span>
          </label>
        </fieldset>
      )}
      <p className="hint">{staff.told(told)}</p>
      <div className="actions">
        <button type="submit" className="primary" disabled={sending}>
          {sending ? words.sending : staff.go}
        </button>
      </div>
    </form>
  );
}
