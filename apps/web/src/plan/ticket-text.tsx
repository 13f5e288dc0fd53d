import type { Registration } from '#contract';
import { useEventOf } from '../shared/data.ts';
import { useFormat } from '../shared/format.ts';
import { OwnTime } from '../shared/own-time.tsx';
import { labelOf } from '../shared/seats.tsx';
import { useContentAttributes, useWords, type Words } from '../shared/words/index.ts';

/** Returns the title of a registration's page. Only a confirmed seat has a ticket. */
export function titleOf({ ticket }: Words, registration: Registration | undefined): string {
  if (registration?.status === 'confirmed') return ticket.title;
  return registration?.status === 'offered' ? ticket.offered : ticket.registration;
}

/** The Café of a registration. @param name the person's name, if the page knows it */
export function CafeText({ registration, name }: { registration: Registration; name?: string }) {
  const words = useWords();
  const contentAttributes = useContentAttributes();
  const { data: event } = useEventOf(registration.eventId);
  const { dated } = useFormat(event?.timeZone);
  const cafe = event?.cafes.find((each) => each.id === registration.cafeId);
  const room = event?.rooms.find((each) => each.id === cafe?.roomId);
  if (!cafe) return null;
  return (
    <div className="ticket-text">
      <p className="eyebrow">{labelOf(words, cafe)}</p>
      <h2 {...contentAttributes}>{cafe.title}</h2>
      <p>
        {dated(cafe.startsAt, cafe.endsAt)}
        <br />
        <span {...contentAttributes}>{room?.name}</span>
      </p>
      <OwnTime timeZone={event?.timeZone} startsAt={cafe.startsAt} endsAt={cafe.endsAt} />
      {name && (
        <p className="ticket-name">
          <bdi>{name}</bdi>
        </p>
      )}
    </div>
  );
}
