import type { CurrentCafe, Dashboard } from '#contract';
import { useFormat } from '../shared/format.ts';
import { useStaffWords } from '../shared/words/staff.ts';

/** Where a Café may be: what names its room and times. */
export interface Places {
  rooms: Dashboard['rooms'];
  timeZone: string;
}

/** Says that another organiser changed the same values, shows the current ones, and says that the typed ones are kept. */
export function ChangedNote({ current, places }: { current: CurrentCafe; places?: Places }) {
  const { organise: words } = useStaffWords();
  const { dated } = useFormat(places?.timeZone);
  const { capacity, targetCapacity, roomId, startsAt, endsAt } = current;
  const room = places?.rooms.find((each) => each.roomId === roomId)?.name;
  return (
    <div className="note clash" role="alert">
      <strong>{words.changed}</strong>
      <p>
        {[
          room,
          startsAt && endsAt && dated(startsAt, endsAt),
          capacity !== undefined && words.capacityNow(capacity),
          targetCapacity !== undefined && words.target(targetCapacity),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p>{words.typedKept}</p>
    </div>
  );
}
