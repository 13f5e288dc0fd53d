import { useFormat } from './format.ts';
import { useWords } from './words/index.ts';

/** Whose time the page shows, and when a Café takes place by the reader's clock, where that differs. @param timeZone of the event */
export function OwnTime(props: { timeZone?: string; startsAt: string; endsAt: string }) {
  const { timeZone, startsAt, endsAt } = props;
  const words = useWords();
  const { zone, ownTime } = useFormat(timeZone);
  const own = timeZone && ownTime(startsAt, endsAt);
  return own ? <small className="hint own-time">{words.ownTime(zone(startsAt) ?? '', own)}</small> : null;
}
