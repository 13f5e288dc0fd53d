/**
 * Returns the error in the name of an event's time zone; undefined for a valid name. The zone must name a place: `EST` and `+02:00` have no
 * daylight saving time, and calendar programs do not accept an offset as a zone.
 */
export function timeZoneError(name: string): string | undefined {
  const known = canonicalName(name);
  if (known === undefined) return 'must be an IANA time zone such as Europe/Paris';
  if (!name.includes('/') || /^etc\//i.test(name)) {
    return `must be an IANA time zone with a place, such as Europe/Paris: ${name} knows no change of the clocks`;
  }
  // Intl accepts names in any case; calendar programs do not.
  if (known !== name && known.toLowerCase() === name.toLowerCase()) return `must be written ${known}`;
  if (/(^|\/)\p{Ll}/u.test(name)) return 'must be written with its capital letters, such as Europe/Paris';
  return undefined;
}

/** The canonical name of a zone in Intl; undefined for a name that Intl does not know. */
function canonicalName(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
