/**
 * What is wrong with the name of an event's time zone; undefined where nothing is. The zone must have a place: `EST` and `+02:00` know
 * no change of the clocks, and calendars do not know an offset as a zone.
 */
export function timeZoneError(name: string): string | undefined {
  const known = canonicalName(name);
  if (known === undefined) return 'must be an IANA time zone such as Europe/Paris';
  if (!name.includes('/') || /^etc\//i.test(name)) {
    return `must be an IANA time zone with a place, such as Europe/Paris: ${name} knows no change of the clocks`;
  }
  // Intl reads any case; calendars do not.
  if (known !== name && known.toLowerCase() === name.toLowerCase()) return `must be written ${known}`;
  if (/(^|\/)\p{Ll}/u.test(name)) return 'must be written with its capital letters, such as Europe/Paris';
  return undefined;
}

/** The name that Intl has for a zone; undefined for a name that it does not know. */
function canonicalName(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
