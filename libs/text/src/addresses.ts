/// <reference path="./punycode.d.ts" />
import punycode from 'punycode.js';
import { asciiDomain } from './domains.ts';
import { type ReadResult, TOO_MANY_MARKS } from './names.ts';

/**
 * Why a text is not an accepted e-mail address. `no-address`: it does not have exactly one `@`. `bad-local-part`, `bad-domain`: the part before
 * or after the `@` is not valid. `needs-smtputf8`: the address is valid, but our mail server cannot send to it.
 */
export type AddressErrorCode = 'no-address' | 'bad-local-part' | 'bad-domain' | 'too-long' | 'needs-smtputf8';

/** RFC 5321, 4.5.3.1, in bytes of UTF-8. */
const LOCAL_PART_MAX = 64;
const ADDRESS_MAX = 254;
/** The longest accepted text, in UTF-16 units: an address with the spaces and brackets that a paste adds. */
const TYPED_MAX = 1_000;

/** The marks around an address in a message or a link. */
const WRAPPING = /^(?:mailto:|<)+|>+$/gi;
/** Invisible characters and direction marks, without joiners: a domain may have these. */
const INVISIBLE = /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/gu;
/** One atom of the `Dot-string` of RFC 5321, with the non-ASCII characters of RFC 6531. A `Quoted-string` is not accepted: people do not use it. */
const ATOM = /^(?:[\w!#$%&'*+/=?^`{|}~-]|(?![\p{C}\p{Z}])[^\0-\x7f])+$/u;
/** An address that is normalised by lower case alone. Most addresses are, and for these the claim path skips the slower checks. */
const PLAIN =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/**
 * Returns an e-mail address in its normal form, which identifies an attendee: lower case, NFC, the domain in Unicode (`müller.de` for
 * `xn--mller-kva.de`). Accepts addresses of RFC 5321 and 6531, without quoted local parts and IP addresses.
 */
export function readAddress(typed: string): ReadResult<AddressErrorCode> {
  if (typed.length > TYPED_MAX) return { error: 'too-long' };
  const text = typed.replace(INVISIBLE, '').trim().replace(WRAPPING, '').trim();
  if (PLAIN.test(text) && text.length <= ADDRESS_MAX && text.indexOf('@') <= LOCAL_PART_MAX)
    return { text: text.toLowerCase() };
  const parts = text.replace('＠', '@').split('@');
  // Phones and word processors replace an apostrophe by a typographic one.
  const local = (parts[0] ?? '').replaceAll('’', "'").toLowerCase().normalize('NFC');
  if (parts.length !== 2 || text === '') return { error: 'no-address' };
  if (!local.split('.').every((atom) => ATOM.test(atom)) || TOO_MANY_MARKS.test(local))
    return { error: 'bad-local-part' };
  const domain = asciiDomain(parts[1] ?? '');
  const unicode = domain && unicodeDomain(domain);
  if (!domain || !unicode) return { error: 'bad-domain' };
  const localBytes = utf8Length(local);
  if (localBytes > LOCAL_PART_MAX || localBytes + 1 + domain.length > ADDRESS_MAX) return { error: 'too-long' };
  return { text: `${local}@${unicode}` };
}

/** Returns the domain in Unicode if its ASCII form is the same domain, else the domain as given; undefined if a label cannot be decoded. */
function unicodeDomain(domain: string): string | undefined {
  try {
    const unicode = punycode.toUnicode(domain).normalize('NFC');
    return asciiDomain(unicode) === domain ? unicode : domain;
  } catch {
    return undefined;
  }
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
