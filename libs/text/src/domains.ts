/** RFC 5321, 4.5.3.1, in bytes. */
const DOMAIN_MAX = 253;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether an address needs SMTPUTF8 (RFC 6531). Only the part before `@` can need it, because a domain has an ASCII form. */
export function needsSmtpUtf8(address: string): boolean {
  return /[^\0-\x7f].*@/s.test(address);
}

/** Returns an address with its domain in ASCII, as SMTP needs it; an invalid address as given. */
export function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = at < 0 ? undefined : asciiDomain(address.slice(at + 1));
  return domain === undefined ? address : address.slice(0, at + 1) + domain;
}

/** Whether two typed texts are the same address. Does not use the library of `readAddress`, which is too large for the first page. */
export function isSameAddress(one: string, other: string): boolean {
  const form = (text: string) => asciiAddress(text.trim().toLowerCase().normalize('NFC'));
  return form(one) === form(other);
}

/** Returns a domain of at least two labels in its ASCII form (UTS 46, as a browser does it); undefined if the text is not such a domain. */
export function asciiDomain(typed: string): string | undefined {
  // The URL parser would read other characters as a port, a path or an escape.
  if (!/^[\p{L}\p{M}\p{N}\p{Join_Control}.。．｡·-]+$/u.test(typed)) return undefined;
  const domain = hostOf(`http://${typed}/`);
  const labels = domain.split('.');
  const isDomain =
    labels.length > 1 && labels.every((label) => LABEL.test(label)) && /^[a-z]/.test(labels.at(-1) ?? '');
  return isDomain && domain.length <= DOMAIN_MAX ? domain : undefined;
}

/** Returns the host of a URL; empty if the URL is not valid. */
function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return '';
  }
}
