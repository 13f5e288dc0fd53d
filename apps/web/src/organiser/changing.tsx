import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { CafeChange, DashboardCafe, PendingClosing } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { Confirm } from '../shared/confirm.tsx';
import { ProblemNote } from '../shared/form.tsx';
import { Field, Form } from '../shared/forms/form.tsx';
import { useSeatsCheck } from '../shared/forms/whole-number.ts';
import { useSending } from '../shared/sending.ts';
import { useStaffWords } from '../shared/words/staff.ts';
import { ChangedNote, type Places } from './changed-note.tsx';
import { changeSeen, conflictOf, type Seen, seenOf } from './seen.ts';

/** Returns a function that reads a Café again, wherever it is shown. */
export function useRefresh(cafeId: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['cafe', cafeId] });
}

/** A closing that this page made, and until when it can be undone, by the page's own clock. */
export interface OwnClosing extends PendingClosing {
  until: number;
}

/** The query key of the last closing of a Café that this page made. */
export const closingKey = (cafeId: string) => ['closing', cafeId];

/**
 * Returns a function that changes a Café undoably, and reads it again wherever it is shown. `seen`: what was shown when the change was begun;
 * else what is shown now.
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

/** The button that closes a waitlist or a Café. Where people wait, the first tap says what they lose. */
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

/** The form for a capacity. One below the seats taken can become the target capacity. `children` are shown beside its button. */
export function CapacityForm({ cafe, children }: { cafe: DashboardCafe; children?: ReactNode }) {
  const { organise: words } = useStaffWords();
  const check = useSeatsCheck({ required: true });
  const change = useChange(cafe);
  const [capacity, setCapacity] = useState<string>();
  // From the first key on: a push that comes while somebody types must not make their change overwrite what it brought.
  const [seen, setSeen] = useState<Seen>();
  const saving = useSending();
  const approaching = useSending();
  const sending = saving.sending || approaching.sending;
  function type(typed: string) {
    setCapacity(typed);
    setSeen((before) => before ?? seenOf(cafe));
    saving.forget();
    approaching.forget();
  }
  async function save(wanted: CafeChange) {
    try {
      await change(wanted, seen);
    } catch (error) {
      // The current values are shown next: the next change is one of these.
      setSeen((before) => conflictOf(error) ?? before);
      throw error;
    }
    setCapacity(undefined);
    setSeen(undefined);
    saving.forget();
  }
  function submit() {
    approaching.forget();
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

/** A problem, with the numbers that explain it: the room's capacity, or the value that another organiser set meanwhile. */
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
