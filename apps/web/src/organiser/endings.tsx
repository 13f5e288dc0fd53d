import type { DashboardCafe } from '#contract';
import { useAttendance } from '../shared/attendance/attendance.ts';
import { NoShows, usePhase } from '../shared/attendance/no-shows.tsx';
import { Confirm } from '../shared/confirm.tsx';
import { useFormat } from '../shared/format.ts';
import { ProblemNote } from '../shared/problem-note.tsx';
import { useStaffWords } from '../shared/words/staff.ts';
import { useChange } from './changing.tsx';

/** The actions that end registrations: releasing the seats of no-shows, and cancelling the Café. */
export function Endings({ cafe, timeZone }: { cafe: DashboardCafe; timeZone: string }) {
  const { cafe: words } = useStaffWords();
  const change = useChange(cafe);
  const { taken, waitlisted } = cafe.seats;
  return (
    <section>
      <h2>{words.endings}</h2>
      <Absentees cafe={cafe} timeZone={timeZone} />
      <Confirm
        label={words.cancel}
        yes={words.cancelYes}
        act={() => change({ state: 'cancelled', expectTaken: taken, expectWaitlisted: waitlisted })}
      >
        {taken + waitlisted > 0 && (
          <p>
            <strong>
              {words.seated(taken)} {waitlisted > 0 && words.waiting(waitlisted)}
            </strong>
          </p>
        )}
        <p>{taken + waitlisted > 0 ? words.cancelMailed(taken + waitlisted) : words.cancelNobody}</p>
      </Confirm>
    </section>
  );
}

function Absentees({ cafe, timeZone }: { cafe: DashboardCafe; timeZone: string }) {
  const { time } = useFormat(timeZone);
  const phase = usePhase(cafe);
  const { attendance, error } = useAttendance(cafe.cafeId, phase === 'during', cafe.roomId);
  return (
    <>
      <NoShows phase={phase} attendance={attendance} time={time} />
      {phase === 'during' && <ProblemNote error={error} />}
    </>
  );
}
