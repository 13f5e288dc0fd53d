import { useState } from 'react';
import { Link } from 'wouter';
import type { Me } from '#contract';
import { useCafe, useTimeZoneOf } from '../shared/data.ts';
import { useFormat } from '../shared/format.ts';
import { type Group, groupsOf } from '../shared/registrations/booked-groups.ts';
import { labelOf } from '../shared/seats.tsx';
import { useContentAttributes, useWords } from '../shared/words/index.ts';

/** The groups that the person booked. The registrations themselves are in the plans of their attendees. */
export function Groups({ me }: { me: Me }) {
  const words = useWords();
  const [groups] = useState(() => groupsOf(me.id));
  const cafeIds = [...new Set(groups.map(({ cafeId }) => cafeId))];
  if (cafeIds.length === 0) return null;
  return (
    <section className="plan-groups">
      <h2>{words.plan.groups}</h2>
      <ul>
        {cafeIds.map((cafeId) => (
          <Booked key={cafeId} cafeId={cafeId} groups={groups.filter((each) => each.cafeId === cafeId)} />
        ))}
      </ul>
    </section>
  );
}

function Booked({ cafeId, groups }: { cafeId: string; groups: Group[] }) {
  const words = useWords();
  const contentAttributes = useContentAttributes();
  const { data: cafe } = useCafe(cafeId);
  const { dated } = useFormat(useTimeZoneOf(cafe?.eventId));
  const people = groups.flatMap(({ given }) => given).filter(({ outcome }) => outcome === 'created');
  return (
    <li>
      <h3 {...contentAttributes}>
        <Link href={`/cafes/${cafeId}/group`}>{cafe?.title ?? '…'}</Link>
      </h3>
      <p className="eyebrow">{cafe && `${labelOf(words, cafe)} · ${dated(cafe.startsAt, cafe.endsAt)}`}</p>
      <p>{words.group.people(people.length)}</p>
    </li>
  );
}
