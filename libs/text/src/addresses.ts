/// <reference path="./punycode.d.ts" />
import punycode from 'punycode.js';
import { asciiDomain } from './domains.ts';
import { type Read, TOO_MANY_MARKS } from './names.ts';

/**
 * Why a text is not an e-mail address: without one `@`, the part before it, the part after it, or its length. A page has a sentence for each;
 * `needs-smtputf8`: it is one, but our mail server cannot send to it.
 */
export type AddressFault = 'no-address' | 'bad-local-part' | 'bad-domain' | 'too-long' | 'needs-smtputf8';

/** RFC 5321, 4.5.3.1, in bytes of UTF-8. */
const LOCAL_PART_MAX = 64;
const ADDRESS_MAX = 254;
/** The longest text that is read, in UTF-16 units: an address with what a paste puts around it. */
const TYPED_MAX = 1_000;

/** What begins and ends an address in a message or a link. */
const WRAPPING = /^(?:mailto:|<)+|>+$/gi;
/** Characters without a shape and direction marks. A domain may have joiners. */
const INVISIBLE = /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/gu;
/** The `Dot-string` of RFC 5321, with the characters beyond ASCII that RFC 6531 adds. A `Quoted-string` is no address that people have. */
const ATOM = /^(?:[\w!#$%&'*+/=?^`{|}~-]|(?![\p{C}\p{Z}])[^\0-\x7f])+$/u;
/** An address that needs no more than lower case: the most frequent ones, and all addresses on the path of a claim. */
const PLAIN =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/**
 * An e-mail address in the one form by which its person is recognised: lower case, NFC, the domain as people read it (`müller.de`, also where
 * `xn--mller-kva.de` was typed). RFC 5321 and 6531, without quoted local parts and addresses of machines.
 */
export function readAddress(typed: string): Read<AddressFault> {
  if (typed.length > TYPED_MAX) return { fault: 'too-long' };
  const text = typed.replace(INVISIBLE, '').trim().replace(WRAPPING, '').trim();
  if (PLAIN.test(text) && text.length <= ADDRESS_MAX && text.indexOf('@') <= LOCAL_PART_MAX)
    return { text: text.toLowerCase() };
  const parts = text.replace('＠', '@').split('@');
  // An apostrophe that a phone or a word processor made typographic.
  const local = (parts[0] ?? '').replaceAll('’', "'").toLowerCase().normalize('NFC');
  if (parts.length !== 2 || text === '') return { fault: 'no-address' };
  if (!local.split('.').every((atom) => ATOM.test(atom)) || TOO_MANY_MARKS.test(local))
    return { fault: 'bad-local-part' };
  const domain = asciiDomain(parts[1] ?? '');
  const shown = domain && shownDomain(domain);
  if (!domain || !shown) return { fault: 'bad-domain' };
  const localBytes = utf8Length(local);
  if (localBytes > LOCAL_PART_MAX || localBytes + 1 + domain.length > ADDRESS_MAX) return { fault: 'too-long' };
  return { text: `${local}@${shown}` };
}

/** The domain as people read it, where that leads back to the same domain; undefined where a label cannot be decoded. */
function shownDomain(domain: string): string | undefined {
  try {
    const shown = punycode.toUnicode(domain).normalize('NFC');
    return asciiDomain(shown) === domain ? shown : domain;
  } catch {
    return undefined;
  }
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
