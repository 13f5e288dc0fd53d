import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';
import { qrPng, qrSvg } from './qr.ts';

/** What a ticket says. */
export interface Ticket {
  registrationId: string;
  cafeId: string;
  /** When it stops being good: some hours after the Café's end, by the minute. */
  validUntil: Date;
}

/** Making and reading tickets. A door needs nothing but the public half of the key to check one. */
export interface Tickets {
  /** The text of a ticket's QR code: letters, digits, hyphens and underscores. */
  ticketFor(ticket: { registrationId: string; cafeId: string; endsAt: string }): string;
  /** What a genuine ticket says; undefined for any other text. Whether it is still good is for the caller. */
  read(text: string): Ticket | undefined;
  svg(text: string, label: string): string;
  png(text: string): Buffer;
}

/** Version of the format, 1 byte; registration and Café, 16 bytes each; minutes since 1970, 4 bytes; then the signature. */
const BODY_BYTES = 1 + 16 + 16 + 4;
const SIGNATURE_BYTES = 64;
const VERSION = 1;
const GOOD_AFTER_END_MS = 12 * 3_600_000;
/** What stands before the 32 bytes of a private Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Tickets of an installation: the key derives from its secret, so every process has the same. */
export function openTickets(secret: string): Tickets {
  const seed = Buffer.from(hkdfSync('sha256', secret, 'comptoir', 'ticket', 32));
  const privateKey: KeyObject = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey);
  return {
    ticketFor({ registrationId, cafeId, endsAt }) {
      const body = Buffer.alloc(BODY_BYTES);
      body[0] = VERSION;
      bytesOf(registrationId).copy(body, 1);
      bytesOf(cafeId).copy(body, 17);
      body.writeUInt32BE(Math.ceil((Date.parse(endsAt) + GOOD_AFTER_END_MS) / 60_000), 33);
      return Buffer.concat([body, sign(null, body, privateKey)]).toString('base64url');
    },

    read(text) {
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length !== BODY_BYTES + SIGNATURE_BYTES || bytes.toString('base64url') !== text) return undefined;
      const body = bytes.subarray(0, BODY_BYTES);
      if (body[0] !== VERSION || !verify(null, body, publicKey, bytes.subarray(BODY_BYTES))) return undefined;
      return {
        registrationId: idOf(body.subarray(1, 17)),
        cafeId: idOf(body.subarray(17, 33)),
        validUntil: new Date(body.readUInt32BE(33) * 60_000),
      };
    },

    svg: qrSvg,
    png: qrPng,
  };
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function idOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
