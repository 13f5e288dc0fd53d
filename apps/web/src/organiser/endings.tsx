import type { DashboardCafe } from '#contract';
import { useAttendance } from '../host/attendance.ts';
import { call } from '../shared/api.ts';
import { useNow } from '../shared/clock.ts';
import { ProblemNote } from '../shared/form.tsx';
import { useStaffWords } from '../shared/words/staff.ts';
import { useChange } from './changing.tsx';
import { Confirm } from './confirm.tsx';

/** How often it is looked at whether a Café has begun or is over, in milliseconds. */
const NOW_EVERY_MS = 5_000;

/** What ends seats: those of people who did not come, and all of them. */
export function Endings({ cafe }: { cafe: DashboardCafe }) {
  const { cafe: words } = useStaffWords();
  const change = useChange(cafe.cafeId);
  const { taken, waitlisted } = cafe.seats;
  return (
    <section>
      <h2>{words.endings}</h2>
      <NoShows cafe={cafe} />
      <Confirm label={words.cancel} yes={words.cancelYes} act={() => change({ state: 'cancelled' })}>
        {taken + waitlisted > 0 && (
          <p>
            <strong>
              {words.seated(taken)} {waitlisted > 0 && words.waiting(waitlisted)}
            </strong>
          </p>
        )}
        <p>{taken + waitlisted > 0 ? words.cancelTold(taken + waitlisted) : words.cancelNobody}</p>
      </Confirm>
    </section>
  );
}

/** The seats of those who did not come, for the line: while the Café runs. */
function NoShows({ cafe }: { cafe: DashboardCafe }) {
  const { cafe: words } = useStaffWords();
  const now = useNow(NOW_EVERY_MS);
  const begun = now >= Date.parse(cafe.startsAt);
  const over = now >= Date.parse(cafe.endsAt);
  const { attendance, error } = useAttendance(cafe.cafeId, begun && !over, cafe.roomId);
  if (!begun) return <p className="hint">{words.notBegun}</p>;
  if (over) return null;
  if (!attendance) return <ProblemNote error={error} />;
  const absent = attendance.people.filter(({ status, checkedInAt }) => status === 'confirmed' && !checkedInAt).length;
  if (absent === 0) return <p className="hint">{words.nobodyAbsent}</p>;
  return (
    <Confirm
      label={words.noShows}
      yes={words.noShowsYes(absent)}
      act={() => call('POST', `/cafes/${cafe.cafeId}/no-shows`)}
    >
      <p>
        <strong>{words.absent(absent)}</strong>
      </p>
      <p>{words.noShowsTold(attendance.waitlisted)}</p>
    </Confirm>
  );
}
