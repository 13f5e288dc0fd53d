import { useState } from 'react';
import { useStaffWords } from './words/staff.ts';

/** Whether a role was there since the page was opened, and is not any more. */
export function useRevoked(has: boolean): boolean {
  const [had, setHad] = useState(has);
  if (has && !had) setHad(true);
  return had && !has;
}

/** In the place of what a role would show: why it is not there. `never`: what is said to who did not have the role. */
export function NoRole({ revoked, never }: { revoked: boolean; never: string }) {
  const words = useStaffWords();
  return (
    <p className="empty" role="status">
      {revoked ? words.roleRevoked : never}
    </p>
  );
}
