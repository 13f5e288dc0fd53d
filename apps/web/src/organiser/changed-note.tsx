import type { CurrentCafe, Dashboard } from '#contract';
import { useFormat } from '../shared/format.ts';
import { useStaffWords } from '../shared/words/staff.ts';

/** The rooms and the time zone of an event, with which the note shows the current room and times. */
export interface Places {
  rooms: Dashboard['rooms'];
  timeZone: string;
}

/** Says that another organiser changed the same values, and shows the current values. The typed values stay in the fields. */
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
