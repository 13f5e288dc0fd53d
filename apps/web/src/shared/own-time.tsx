import { useFormat } from './format.ts';
import { useWords } from './words/index.ts';

/** When a Café takes place by the reader's clock, where that differs from the event's. @param timeZone of the event */
export function OwnTime(props: { timeZone?: string; startsAt: string; endsAt: string }) {
  const { timeZone, startsAt, endsAt } = props;
  const words = useWords();
  const own = useFormat(timeZone).own(startsAt, endsAt);
  return own === undefined ? null : <small className="hint own-time">{words.ownTime(own)}</small>;
}
