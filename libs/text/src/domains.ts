/** RFC 5321, 4.5.3.1, in bytes. */
const DOMAIN_MAX = 253;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a mail server needs SMTPUTF8 (RFC 6531) for an address. A domain never needs it: it has an ASCII form. */
export function needsSmtpUtf8(address: string): boolean {
  return /[^\0-\x7f].*@/s.test(address);
}

/** An address as it is sent to: its domain in ASCII. An address that is none stays as it is. */
export function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = at < 0 ? undefined : asciiDomain(address.slice(at + 1));
  return domain === undefined ? address : address.slice(0, at + 1) + domain;
}

/** Whether two texts that were typed are the same address. Without the library that `readAddress` needs: the first page has room for no more. */
export function isSameAddress(one: string, other: string): boolean {
  const form = (text: string) => asciiAddress(text.trim().toLowerCase().normalize('NFC'));
  return form(one) === form(other);
}

/** A domain of at least two labels in its ASCII form (UTS 46, as a browser reads it); undefined for what is none. */
export function asciiDomain(typed: string): string | undefined {
  // The parser of URLs would read anything else as a port, a path or an escape.
  if (!/^[\p{L}\p{M}\p{N}\p{Join_Control}.。．｡·-]+$/u.test(typed)) return undefined;
  const domain = hostOf(`http://${typed}/`);
  const labels = domain.split('.');
  const isDomain =
    labels.length > 1 && labels.every((label) => LABEL.test(label)) && /^[a-z]/.test(labels.at(-1) ?? '');
  return isDomain && domain.length <= DOMAIN_MAX ? domain : undefined;
}

/** The host of a URL; nothing where it has none. */
function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return '';
  }
}
