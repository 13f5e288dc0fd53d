import { useQuery } from '@tanstack/react-query';
import { call } from '../shared/api.ts';
import { Waiting } from '../shared/form.tsx';
import { useContentLocale } from '../shared/words/index.ts';

/** What belongs to a ticket beside its code: where it is printed, and how it comes into a calendar. */
export function useTicket(registrationId: string) {
  const locale = useContentLocale();
  return useQuery({
    queryKey: ['registrations', registrationId, 'ticket', locale],
    queryFn: () => call('GET /registrations/{id}/ticket', { id: registrationId, locale }),
    retry: false,
  });
}

/** A seat in the calendar that its person keeps. */
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
