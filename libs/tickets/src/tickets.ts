import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';
import type { TicketKey } from '#contract';

/** The content of a ticket. */
export interface Ticket {
  registrationId: string;
  cafeId: string;
  /** When it stops being valid: some hours after the end of the Café, in whole minutes. */
  validUntil: Date;
}

/** Signs and reads tickets (docs/tickets.md). A door needs only the public keys to verify one. */
export abstract class Tickets {
  /** The text of a ticket's QR code: letters, digits, hyphens and underscores. */
  abstract ticketFor(ticket: { registrationId: string; cafeId: string; endsAt: string }): string;
  /** Returns the content of a genuine ticket; undefined for any other text. The caller must check `validUntil`. */
  abstract read(text: string): Ticket | undefined;
  /** The keys of valid tickets. The first one signs new tickets. */
  abstract publicKeys: TicketKey[];
}

/**
 * Version 2: the version and the number of the key, 1 byte each; registration and Café, 16 bytes each; minutes since 1970, 4 bytes; then
 * the signature of all these bytes. Version 1 had no key number: its key is number 0.
 */
const VERSION = 2;
const BODY_BYTES = 2 + 16 + 16 + 4;
const BODY_BYTES_V1 = BODY_BYTES - 1;
const KEY_V1 = 0;
const SIGNATURE_BYTES = 64;
const GOOD_AFTER_END_MS = 12 * 3_600_000;
/** The prefix of the 32 bytes of a private Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Tickets of an installation.
 * @param secret the secret from which the keys derive, so that all processes have the same keys
 * @param keyIds the numbers of the valid keys (`TICKET_KEYS`); the first key signs. If a number is removed, its tickets become invalid.
 */
export function openTickets(secret: string, keyIds: [number, ...number[]] = [1, KEY_V1]): Tickets {
  const [signingId] = keyIds;
  if (signingId === KEY_V1) throw new Error('the key number 0 cannot sign tickets: list another number first');
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
      // Exactly one text is valid for a ticket: lenient base64url decoding would accept several.
      if (bytes.toString('base64url') !== text) return undefined;
      if (bytes[0] === VERSION && genuine(bytes, BODY_BYTES, bytes[1])) return ticketOf(bytes.subarray(2));
      if (bytes[0] === 1 && genuine(bytes, BODY_BYTES_V1, KEY_V1)) return ticketOf(bytes.subarray(1));
      return undefined;
    },

    publicKeys: [...publicKeys].map(([keyId, key]) => jwkOf(keyId, key)),
  };
}

function ticketOf(bytes: Buffer): Ticket {
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
