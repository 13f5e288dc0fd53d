import { Link } from 'wouter';
import { useEvents } from '../shared/data.ts';
import { formatOf } from '../shared/format.ts';
import { serverNow } from '../shared/network.ts';
import { Waiting } from '../shared/problem-note.tsx';
import { Shell } from '../shared/shell.tsx';
import { sortEvents } from '../shared/sort-events.ts';
import { useContentAttributes, useLocale } from '../shared/words/index.ts';

/** All events, each with its days. @param missing whether the address names an event that does not exist */
export default function EventList({ missing = false }: { missing?: boolean }) {
  const { locale, words } = useLocale();
  const contentAttributes = useContentAttributes();
  const { data: events, error, refetch } = useEvents();
  return (
    <Shell>
      <h1>{missing ? words.events.missing : words.events.title}</h1>
      {!events && <Waiting error={error} retry={() => void refetch()} />}
      {events?.length === 0 && <p className="empty">{words.programme.empty}</p>}
      <ul className="events">
        {sortEvents(events ?? [], serverNow()).map(({ id, slug, title, timeZone, startsAt, endsAt }) => (
          <li key={id}>
            <Link href={`/events/${slug}`} {...contentAttributes}>
              {title}
            </Link>
            <span className="event-days">{formatOf(locale, timeZone).days(startsAt, endsAt)}</span>
          </li>
        ))}
      </ul>
    </Shell>
  );
}
