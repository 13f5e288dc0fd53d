import { Link } from 'wouter';
import { comingFirst } from '../shared/coming-first.ts';
import { useEvents } from '../shared/data.ts';
import { Waiting } from '../shared/form.tsx';
import { formatOf } from '../shared/format.ts';
import { serverNow } from '../shared/network.ts';
import { Shell } from '../shared/shell.tsx';
import { useLocale, useTold } from '../shared/words/index.ts';

/** All events, each with its days. @param missing the address names an event that does not exist */
export default function EventList({ missing = false }: { missing?: boolean }) {
  const { locale, words } = useLocale();
  const told = useTold();
  const { data: events, error, refetch } = useEvents();
  return (
    <Shell>
      <h1>{missing ? words.events.missing : words.events.title}</h1>
      {!events && <Waiting error={error} retry={() => void refetch()} />}
      {events?.length === 0 && <p className="empty">{words.programme.empty}</p>}
      <ul className="events">
        {comingFirst(events ?? [], serverNow()).map(({ id, slug, title, timeZone, startsAt, endsAt }) => (
          <li key={id}>
            <Link href={`/events/${slug}`} {...told}>
              {title}
            </Link>
            <span className="event-days">{formatOf(locale, timeZone).days(startsAt, endsAt)}</span>
          </li>
        ))}
      </ul>
    </Shell>
  );
}
