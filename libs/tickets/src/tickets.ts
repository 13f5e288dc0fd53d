import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';
import type { TicketKey } from '#contract';

/** What a ticket says. */
export interface Ticket {
  registrationId: string;
  cafeId: string;
  /** When it stops being good: some hours after the Café's end, by the minute. */
  validUntil: Date;
}

/** Making and reading tickets (docs/tickets.md). A door needs nothing but the public keys to check one. */
export abstract class Tickets {
  /** The text of a ticket's QR code: letters, digits, hyphens and underscores. */
  abstract ticketFor(ticket: { registrationId: string; cafeId: string; endsAt: string }): string;
  /** What a genuine ticket says; undefined for any other text. Whether it is still good is for the caller. */
  abstract read(text: string): Ticket | undefined;
  /** The keys with which a ticket that is good may be signed; the first signs those made now. */
  abstract publicKeys: TicketKey[];
}

/**
 * Version 2: the version and the number of the key, 1 byte each; registration and Café, 16 bytes each; minutes since 1970,
 * 4 bytes; then the signature of all that. Version 1 had no number: its key is number 0.
 */
const VERSION = 2;
const BODY_BYTES = 2 + 16 + 16 + 4;
const BODY_BYTES_V1 = BODY_BYTES - 1;
const KEY_V1 = 0;
const SIGNATURE_BYTES = 64;
const GOOD_AFTER_END_MS = 12 * 3_600_000;
/** What stands before the 32 bytes of a private Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Tickets of an installation.
 * @param secret the keys derive from it, so every process has the same.
 * @param keyIds the numbers of the keys that are good (`TICKET_KEYS`): the first signs. Leaving one out ends its tickets.
 */
export function openTickets(secret: string, keyIds: [number, ...number[]] = [1, KEY_V1]): Tickets {
  const [signingId] = keyIds;
  if (signingId === KEY_V1) throw new Error('the key number 0 signs no more tickets: name another one first');
  const signingKey = privateKeyOf(secret, signingId);
  const publicKeys = new Map(keyIds.map((keyId) => [keyId, createPublicKey(privateKeyOf(secret, keyId))]));

  function genuine(bytes: Buffer, bodyBytes: number, keyId: number | undefined): boolean {
    const key = keyId === undefined ? undefined : publicKeys.get(keyId);
    if (!key || bytes.length !== bodyBytes + SIGNATURE_BYTES) return false;
    return verify(null, bytes.subarray(0, bodyBytes), key, bytes.subarray(bodyBytes));
  }

  return {
    ticketFor({ registrationId, cafeId, endsAt }) {
      const body = Buffer.alloc(BODY_BYTES);
      body[0] = VERSION;
      body[1] = signingId;
      bytesOf(registrationId).copy(body, 2);
      bytesOf(cafeId).copy(body, 18);
      body.writeUInt32BE(Math.ceil((Date.parse(endsAt) + GOOD_AFTER_END_MS) / 60_000), 34);
      return Buffer.concat([body, sign(null, body, signingKey)]).toString('base64url');
    },

    read(text) {
      const bytes = Buffer.from(text, 'base64url');
      // One text a ticket: base64url read with forgiveness would have several.
      if (bytes.toString('base64url') !== text) return undefined;
      if (bytes[0] === VERSION && genuine(bytes, BODY_BYTES, bytes[1])) return said(bytes.subarray(2));
      if (bytes[0] === 1 && genuine(bytes, BODY_BYTES_V1, KEY_V1)) return said(bytes.subarray(1));
      return undefined;
    },

    publicKeys: [...publicKeys].map(([keyId, key]) => jwkOf(keyId, key)),
  };
}

function said(bytes: Buffer): Ticket {
  return {
    registrationId: idOf(bytes.subarray(0, 16)),
    cafeId: idOf(bytes.subarray(16, 32)),
    validUntil: new Date(bytes.readUInt32BE(32) * 60_000),
  };
}

function privateKeyOf(secret: string, keyId: number): KeyObject {
  const purpose = keyId === KEY_V1 ? 'ticket' : `ticket-${keyId}`;
  const seed = Buffer.from(hkdfSync('sha256', secret, 'comptoir', purpose, 32));
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
}

/** A public key as a JSON Web Key (RFC 8037). */
function jwkOf(keyId: number, key: KeyObject): TicketKey {
  const { x = '' } = key.export({ format: 'jwk' });
  return { kid: String(keyId), kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', x };
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function idOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
