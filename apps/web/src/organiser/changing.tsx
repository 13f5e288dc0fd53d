import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { CafeChange, DashboardCafe } from '#contract';
import { ApiProblem, call } from '../shared/api.ts';
import { Field, ProblemNote } from '../shared/form.tsx';
import { useSending } from '../shared/sending.ts';
import { useStaffWords } from '../shared/words/staff.ts';

/** Change a Café, and have it asked for again wherever it is shown. @throws ApiProblem */
export function useChange(cafeId: string): (change: CafeChange) => Promise<void> {
  const client = useQueryClient();
  return async (change) => {
    await call('PATCH', `/cafes/${cafeId}`, change);
    await client.invalidateQueries({ queryKey: ['cafe', cafeId] });
  };
}

/** A capacity; one below the seats taken can be approached as they become free. `children` stand beside its button. */
export function CapacityForm({ cafe, children }: { cafe: DashboardCafe; children?: ReactNode }) {
  const { organise: words } = useStaffWords();
  const change = useChange(cafe.cafeId);
  const [capacity, setCapacity] = useState<string>();
  const saving = useSending();
  const approaching = useSending();
  const sending = saving.sending || approaching.sending;
  function type(typed: string) {
    setCapacity(typed);
    saving.forget();
    approaching.forget();
  }
  async function save(wanted: CafeChange) {
    await change(wanted);
    setCapacity(undefined);
    saving.forget();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    approaching.forget();
    if (capacity) void saving.send(() => save({ capacity: Number(capacity) }));
  }
  const { problem = {} } = saving.error instanceof ApiProblem ? saving.error : {};
  return (
    <form onSubmit={submit} className="change">
      <Field
        label={words.capacity}
        name="capacity"
        inputMode="numeric"
        pattern="\d{1,6}"
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
    </form>
  );
}

/** A fault, with the room's number where it is about that. */
export function CapacityProblem({ error }: { error: unknown }) {
  const { organise: words } = useStaffWords();
  const { problem = {} } = error instanceof ApiProblem ? error : {};
  if (problem.code !== 'capacity-above-room') return <ProblemNote error={error} />;
  return (
    <p className="note bad" role="alert">
      {words.above(Number(problem.roomCapacity))}
    </p>
  );
}

/** Close a Café that is open; open one that is not. */
export function StateButton({ cafe: { cafeId, state } }: { cafe: DashboardCafe }) {
  const { organise: words } = useStaffWords();
  const change = useChange(cafeId);
  const { sending, error, send } = useSending();
  if (state === 'cancelled') return null;
  const label = { open: words.close, closed: words.reopen, draft: words.open }[state];
  return (
    <>
      <button
        type="button"
        disabled={sending}
        onClick={() => void send(() => change({ state: state === 'open' ? 'closed' : 'open' }))}
      >
        {label}
      </button>
      <ProblemNote error={error} />
    </>
  );
}
