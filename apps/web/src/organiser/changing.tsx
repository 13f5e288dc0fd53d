import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { CafeChange, DashboardCafe, PendingClosing } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { Confirm } from '../shared/confirm.tsx';
import { Field, Form } from '../shared/forms/form.tsx';
import { useSeatsCheck } from '../shared/forms/whole-number.ts';
import { ProblemNote } from '../shared/problem-note.tsx';
import { useSending } from '../shared/sending.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { ChangedNote, type Places } from './changed-note.tsx';
import { changeSeen, conflictOf, type Seen, seenOf } from './seen.ts';

/** Returns a function that reads a Café again, and updates every place that shows it. */
export function useRefresh(cafeId: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['cafe', cafeId] });
}

/** A closing that this page made. `until`: the end of its undo time, in milliseconds of `performance.now()`. */
export interface OwnClosing extends PendingClosing {
  until: number;
}

/** Returns the query key of the last closing of a Café that this page made. */
export const closingKey = (cafeId: string) => ['closing', cafeId];

/**
 * Returns a function that makes an undoable change of a Café, and updates every place that shows it. `seen`: the values that were shown when the
 * organiser began the change; default: the values that are shown now.
 * @throws ApiProblem `version-changed` when another organiser changed the same value meanwhile
 */
export function useChange(cafe: DashboardCafe): (change: CafeChange, seen?: Seen) => Promise<void> {
  const { cafeId } = cafe;
  const client = useQueryClient();
  const refresh = useRefresh(cafeId);
  return async (change, seen = seenOf(cafe)) => {
    const body = { ...change, undoable: true };
    const { closing } = await changeSeen(seen, (ifMatch) => call('PATCH /cafes/{id}', { id: cafeId, body, ifMatch }));
    const own: OwnClosing | null = closing ? { ...closing, until: performance.now() + closing.msLeft } : null;
    client.setQueryData(closingKey(cafeId), own);
    await refresh();
  };
}

/** The button that closes a waitlist or a Café. If people wait, the first tap shows what they lose, and a second button closes it. */
export function CloseButton({ cafe, label, closing }: { cafe: DashboardCafe; label: string; closing: CafeChange }) {
  const { cafe: words } = useStaffWords();
  const change = useChange(cafe);
  const { sending, error, send } = useSending();
  const { waitlisted } = cafe.seats;
  const act = () => change({ ...closing, expectWaitlisted: waitlisted });
  if (waitlisted > 0) {
    return (
      <Confirm label={label} yes={words.closeYes} act={act}>
        <p>
          <strong>{words.lineLoses(waitlisted)}</strong>
        </p>
        <p>{words.tenSeconds}</p>
      </Confirm>
    );
  }
  return (
    <>
      <button type="button" disabled={sending} onClick={() => void send(act)}>
        {label}
      </button>
      <ProblemNote error={error} />
    </>
  );
}

/** The form for a capacity. A capacity below the taken seats can become the target capacity. `children` are shown beside the button. */
export function CapacityForm({ cafe, children }: { cafe: DashboardCafe; children?: ReactNode }) {
  const { organise: words } = useStaffWords();
  const check = useSeatsCheck({ required: true });
  const change = useChange(cafe);
  const [capacity, setCapacity] = useState<string>();
  // Set by the first typed key. A push may arrive while the organiser types; the change must not overwrite its values.
  const [seen, setSeen] = useState<Seen>();
  const saving = useSending();
  const approaching = useSending();
  const sending = saving.sending || approaching.sending;
  function type(typed: string) {
    setCapacity(typed);
    setSeen((before) => before ?? seenOf(cafe));
    saving.reset();
    approaching.reset();
  }
  async function save(wanted: CafeChange) {
    try {
      await change(wanted, seen);
    } catch (error) {
      // The note shows the current values, so the next try is a change of these.
      setSeen((before) => conflictOf(error) ?? before);
      throw error;
    }
    setCapacity(undefined);
    setSeen(undefined);
    saving.reset();
  }
  function submit() {
    approaching.reset();
    if (capacity) void saving.send(() => save({ capacity: Number(capacity) }));
  }
  const { problem = {} } = saving.error instanceof ApiProblem ? saving.error : {};
  return (
    <Form send={submit} className="change">
      <Field
        label={words.capacity}
        name="capacity"
        inputMode="numeric"
        check={check}
        value={capacity ?? String(cafe.seats.capacity)}
        onChange={type}
        required
      />
      <button type="submit" disabled={sending || capacity === undefined}>
        {words.save}
      </button>
      {children}
      {problem.code === 'capacity-below-taken' ? (
        <div className="note clash" role="alert">
          <p>{words.below(Number(problem.taken), Number(problem.capacity))}</p>
          <button
            type="button"
            disabled={sending}
            onClick={() => void approaching.send(() => save({ capacity: Number(problem.capacity), asTarget: true }))}
          >
            {words.approach(Number(problem.capacity))}
          </button>
        </div>
      ) : (
        <CapacityProblem error={saving.error} />
      )}
      <CapacityProblem error={approaching.error} />
    </Form>
  );
}

/** Shows a problem with the numbers that explain it: the room's capacity, or the values that another organiser set meanwhile. */
export function CapacityProblem({ error, places }: { error: unknown; places?: Places }) {
  const { organise: words } = useStaffWords();
  const current = conflictOf(error);
  if (current) return <ChangedNote current={current} places={places} />;
  const { problem = {} } = error instanceof ApiProblem ? error : {};
  if (problem.code !== 'capacity-above-room') return <ProblemNote error={error} />;
  return (
    <p className="note bad" role="alert">
      {words.above(Number(problem.roomCapacity))}
    </p>
  );
}

/** The button that closes an open Café, or opens another one. */
export function StateButton({ cafe }: { cafe: DashboardCafe }) {
  const { organise: words } = useStaffWords();
  const change = useChange(cafe);
  const { sending, error, send } = useSending();
  const { state } = cafe;
  if (state === 'cancelled') return null;
  if (state === 'open') return <CloseButton cafe={cafe} label={words.close} closing={{ state: 'closed' }} />;
  return (
    <>
      <button type="button" disabled={sending} onClick={() => void send(() => change({ state: 'open' }))}>
        {state === 'closed' ? words.reopen : words.open}
      </button>
      <ProblemNote error={error} />
    </>
  );
}
