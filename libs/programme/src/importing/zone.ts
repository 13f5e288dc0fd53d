import { timeZoneError } from '../time-zone.ts';
import type { AnswerReader } from './answers.ts';
import type { Report } from './finding.ts';
import type { ImportedProgramme } from './imported.ts';
import { offsetAt } from './times.ts';

/** The zone that is assumed where nothing in a file says another. */
const USUAL_ZONE = 'Europe/Paris';

/**
 * The time zone of a programme: the one that was set by hand, that of the event, that of the file where it is a place and agrees with the
 * offsets of its times, else one that agrees with them. What is assumed is a warning.
 */
export function zoneOf(
  { event, entries }: ImportedProgramme,
  { answers, eventZone, report }: { answers: AnswerReader; eventZone?: string; report: Report },
): string {
  const known = answers.text('event.timeZone') ?? eventZone;
  if (known) return known;
  const times = entries.flatMap(({ start }) => (start?.instant && !start.written ? [start] : [])).slice(0, 200) as {
    instant: string;
    offset: number;
  }[];
  const agrees = (zone: string) => times.every(({ instant, offset }) => offsetAt(instant, zone) === offset);
  const { timeZone } = event;
  if (timeZone && timeZoneError(timeZone) === undefined && agrees(timeZone)) return timeZone;
  const assumed =
    [USUAL_ZONE, ...Intl.supportedValuesOf('timeZone')].find((zone) => !timeZoneError(zone) && agrees(zone)) ??
    USUAL_ZONE;
  const fields = [{ path: 'event.timeZone', type: 'time-zone' as const, value: assumed }];
  if (timeZone) report({ level: 'warning', code: 'zone-unlikely', values: { zone: timeZone, assumed }, fields });
  else report({ level: 'warning', code: 'zone-assumed', values: { assumed }, fields });
  return assumed;
}
