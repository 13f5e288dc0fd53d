import { useFormat } from './format.ts';
import { useWords } from './words/index.ts';

/** Shows the event's time zone, and the time of a Café by the reader's clock, if that differs. @param timeZone the event's */
export function OwnTime(props: { timeZone?: string; startsAt: string; endsAt: string }) {
  const { timeZone, startsAt, endsAt } = props;
  const words = useWords();
  const { zone, ownTime } = useFormat(timeZone);
  const own = timeZone && ownTime(startsAt, endsAt);
  return own ? <small className="hint own-time">{words.ownTime(zone(startsAt) ?? '', own)}</small> : null;
}
