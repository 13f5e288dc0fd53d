import { useState } from 'react';
import { useStaffWords } from './words/staff.ts';

/** Whether the person lost a role since the page was opened. */
export function useRevoked(has: boolean): boolean {
  const [had, setHad] = useState(has);
  if (has && !had) setHad(true);
  return had && !has;
}

/** Explains why a page shows nothing: the role was revoked, or the person never had it (then with the text `never`). */
export function NoRole({ revoked, never }: { revoked: boolean; never: string }) {
  const words = useStaffWords();
  return (
    <p className="empty" role="status">
      {revoked ? words.roleRevoked : never}
    </p>
  );
}
