import { useEffect, useRef, useState } from 'react';
import type { Attendance, Cafe } from '#contract';
import { call } from '../shared/api.ts';
import { useNow } from '../shared/clock.ts';
import { Confirm } from '../shared/confirm.tsx';
import { useStaffWords } from '../shared/words/staff.ts';

/** How often it is looked at whether a Café has begun or is over, in milliseconds. */
const NOW_EVERY_MS = 5_000;

export type Phase = 'before' | 'during' | 'after';

export function usePhase({ startsAt, endsAt }: Pick<Cafe, 'startsAt' | 'endsAt'>): Phase {
  const now = useNow(NOW_EVERY_MS);
  if (now < Date.parse(startsAt)) return 'before';
  return now < Date.parse(endsAt) ? 'during' : 'after';
}

/** The seats of those who did not come, for the line: while the Café runs. */
export function NoShows({ phase, attendance }: { phase: Phase; attendance: Attendance | undefined }) {
  const { cafe: words, door } = useStaffWords();
  const [times, setTimes] = useState(0);
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (times > 0) note.current?.focus();
  }, [times]);
  if (phase === 'before') return <p className="hint">{words.notBegun}</p>;
  if (phase === 'after' || !attendance) return null;
  const absent = attendance.people.filter(({ status, checkedInAt }) => status === 'confirmed' && !checkedInAt).length;
  return (
    <>
      {times > 0 && (
        <p className="note good" tabIndex={-1} ref={note}>
          {door.seatsGiven}
        </p>
      )}
      {absent === 0 ? (
        <p className="hint">{words.nobodyAbsent}</p>
      ) : (
        <Confirm
          key={times}
          label={words.noShows}
          yes={words.noShowsYes(absent)}
          act={async () => {
            await call('POST', `/cafes/${attendance.cafeId}/no-shows`);
            setTimes(times + 1);
          }}
        >
          <p>
            <strong>{words.absent(absent)}</strong>
          </p>
          <p>{words.noShowsTold(attendance.waitlisted)}</p>
        </Confirm>
      )}
    </>
  );
}
