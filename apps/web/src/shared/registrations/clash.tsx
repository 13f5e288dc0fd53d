import { Link } from 'wouter';
import type { Clash, Registration } from '#contract';
import type { ApiProblem } from '../api.ts';
import { useEventOf } from '../data.ts';
import { useFormat } from '../format.ts';
import { useContentAttributes, useWords } from '../words/index.ts';

/** Shown before a claim: the person's seats at that time, and what will happen to them. */
export function ClashNote(props: { clashes: Registration[]; isFree: boolean; blocked: boolean }) {
  const { clashes, isFree, blocked } = props;
  const words = useWords();
  if (clashes.length === 0) return null;
  return (
    <div className="note clash">
      <strong>{words.claim.clashTitle}</strong>
      <ul className="plain">
        {clashes.map((clash) => (
          <ClashLine key={clash.id} {...clash} />
        ))}
      </ul>
      <p>{blocked ? words.claim.clashMany : isFree ? words.claim.clashSwap : words.claim.clashWait}</p>
      {blocked && <Link href="/me">{words.nav.mine}</Link>}
    </div>
  );
}

/** A seat at the same time: its Café and its time. */
export function ClashLine(
  props: Pick<Registration, 'cafeId' | 'eventId' | 'startsAt' | 'endsAt'> & { title?: string },
) {
  const { cafeId, eventId, startsAt, endsAt } = props;
  const contentAttributes = useContentAttributes();
  const { data: event } = useEventOf(eventId);
  const { span } = useFormat(event?.timeZone);
  const title = event?.cafes.find(({ id }) => id === cafeId)?.title ?? props.title ?? '…';
  return (
    <li>
      <Link href={`/cafes/${cafeId}`} {...contentAttributes}>
        {title}
      </Link>
      {' · '}
      {span(startsAt, endsAt)}
    </li>
  );
}

/** Shown if the API refused a claim because of a seat that this page did not know. @param eventId the event of the claimed Café */
export function ClashProblem({ error, eventId }: { error: ApiProblem; eventId: string }) {
  const words = useWords();
  const clashes = (error.problem.clashesWith ?? []) as Clash[];
  return (
    <div className="note bad" role="alert">
      <strong>{words.claim.clashTitle}</strong>
      <ul className="plain">
        {clashes.map((clash) => (
          <ClashLine key={clash.registrationId} {...clash} eventId={eventId} />
        ))}
      </ul>
      <p>{words.claim.clashMany}</p>
      <Link href="/me">{words.nav.mine}</Link>
    </div>
  );
}
