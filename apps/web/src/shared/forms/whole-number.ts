import { useStaffWords } from '../words/staff.ts';
import type { Check } from './form.tsx';

/** The most seats of a Café or a room (`CAPACITY_MAX` of the contract, whose schemas pages do not load). */
const CAPACITY_MAX = 100_000;

/** The check of a field for a number of seats. @param required whether the field may be empty */
export function useSeatsCheck({ required }: { required: boolean }): Check {
  const { forms } = useStaffWords();
  return (typed) => {
    const value = typed.trim();
    if (value === '') return required ? forms.seatsMissing : undefined;
    return /^\d{1,6}$/.test(value) && Number(value) <= CAPACITY_MAX ? undefined : forms.seatsWrong(CAPACITY_MAX);
  };
}
