import {
  type DocumentError,
  documentErrors,
  InvalidProgramme,
  type ProgrammeDocument,
  UndatedProgramme,
} from './document.ts';

/**
 * The programme with its demonstration values: day 1 is the day after `today` in the event's time zone.
 * @throws InvalidProgramme when the document is not an undated programme, or a Café has no round
 */
export function demonstrationProgramme(document: unknown, today: Date): ProgrammeDocument {
  const parsed = UndatedProgramme.safeParse(document);
  if (!parsed.success) throw new InvalidProgramme(documentErrors(parsed.error));
  const { event, rooms, cafes, demonstration } = parsed.data;
  const rounds = new Map(demonstration.rounds.map((round) => [round.code, round]));
  const errors: DocumentError[] = [];
  const dated = cafes.flatMap((cafe) => {
    const values = demonstration.cafes[cafe.code];
    const round = values && rounds.get(values.round);
    if (!round) {
      errors.push({ path: `demonstration.cafes.${cafe.code}`, message: 'the Café has no round' });
      return [];
    }
    const starts = instantOf(today, round.day, round.startsAt, event.timeZone);
    const endsAt = new Date(starts + round.minutes * 60_000).toISOString();
    return [{ ...cafe, startsAt: new Date(starts).toISOString(), endsAt, capacity: values.capacity }];
  });
  if (errors.length > 0) throw new InvalidProgramme(errors);
  const lastDay = Math.max(1, ...demonstration.rounds.map(({ day }) => day));
  return {
    event: {
      ...event,
      startsAt: new Date(instantOf(today, 1, '00:00', event.timeZone)).toISOString(),
      endsAt: new Date(instantOf(today, lastDay + 1, '00:00', event.timeZone)).toISOString(),
    },
    rooms: rooms.map((room) => ({ ...room, capacity: demonstration.roomCapacities[room.code] ?? 0 })),
    cafes: dated,
  };
}

/** The instant of a local time `daysAfter` days after the local date of `today`, in milliseconds since 1970. */
function instantOf(today: Date, daysAfter: number, localTime: string, timeZone: string): number {
  const [hours = 0, minutes = 0] = localTime.split(':').map(Number);
  const date = localParts(today, timeZone);
  const localAsUtc = Date.UTC(date.year, date.month - 1, date.day + daysAfter, hours, minutes);
  // The offset is the offset at that instant, so that a clock change in the night before is included. Two rounds are enough.
  let instant = localAsUtc;
  for (let round = 0; round < 2; round++) {
    const local = localParts(new Date(instant), timeZone);
    instant += localAsUtc - Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  }
  return instant;
}

function localParts(instant: Date, timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}
