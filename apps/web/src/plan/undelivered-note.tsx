import { useQuery } from '@tanstack/react-query';
import { call } from '../shared/api.ts';
import { useFormat } from '../shared/format.ts';
import { useWords } from '../shared/words/index.ts';

/** Says that a mail to the person could not be delivered. */
export function Undelivered({ timeZone }: { timeZone?: string }) {
  const words = useWords();
  const { dated } = useFormat(timeZone);
  const { data } = useQuery({
    queryKey: ['undelivered'],
    queryFn: () => call('GET /me/undelivered'),
  });
  const [latest] = data ?? [];
  if (!latest) return null;
  return (
    <div className="note bad" role="status">
      <strong>{words.plan.undelivered(dated(latest.at))}</strong>
      <p>{words.plan.undeliveredNext}</p>
    </div>
  );
}
