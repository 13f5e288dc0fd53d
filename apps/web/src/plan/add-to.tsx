import { useQuery } from '@tanstack/react-query';
import { call } from '../shared/api.ts';
import { Waiting } from '../shared/problem-note.tsx';
import { useContentLocale } from '../shared/words/index.ts';

/** Reads the ticket of a registration: the paths of its files, and the links that add it to a calendar. */
export function useTicket(registrationId: string) {
  const locale = useContentLocale();
  return useQuery({
    queryKey: ['registrations', registrationId, 'ticket', locale],
    queryFn: () => call('GET /registrations/{id}/ticket', { id: registrationId, locale }),
    retry: false,
  });
}

/** The links that add a seat to the person's calendar. */
export function AddTo({ registrationId }: { registrationId: string }) {
  const locale = useContentLocale();
  const { data: ticket, error, refetch } = useTicket(registrationId);
  if (!ticket) return <Waiting error={error} retry={() => void refetch()} />;
  const { google, outlook, ics } = ticket.addTo;
  return (
    <div className="actions">
      {google && (
        <a href={google} className="button" target="_blank" rel="noreferrer">
          Google
        </a>
      )}
      {outlook && (
        <a href={outlook} className="button" target="_blank" rel="noreferrer">
          Outlook
        </a>
      )}
      <a href={`${ics}?locale=${locale}`} className="button" dir="ltr" download>
        iCal (.ics)
      </a>
    </div>
  );
}
