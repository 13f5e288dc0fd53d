import MailComposer from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import { needsSmtpUtf8 } from '#text';
import type { ComposedMail } from './message.ts';

/** The maximum length of a line of a base64 body, in characters (RFC 2045, 6.8). */
const LINE_LENGTH = 76;

/**
 * Encodes a message for SMTP (RFC 5322), with its envelope. nodemailer composes it. Its parts are put into one buffer here, because
 * nodemailer streams each part separately, which takes most of the time (ADR 12).
 * @param options.messageId without angle brackets
 */
export function encodeMessage(options: { from: string; messageId: string; mail: ComposedMail }): {
  raw: Buffer;
  envelope: { from: string; to: string[] };
} {
  const { from, messageId, mail } = options;
  const { to, replyTo, unsubscribeUrl, subject, text, html, calendar, attachments } = mail;
  const message = new MailComposer({
    from,
    to,
    subject,
    ...(replyTo && { replyTo }),
    messageId: `<${messageId}>`,
    headers: {
      // Programs must not reply to a message that a program wrote (RFC 3834). Exchange has its own header for that.
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'DR, RN, NRN, OOF, AutoReply',
      ...(unsubscribeUrl && {
        'list-unsubscribe': { prepared: true, foldLines: false, value: `<${unsubscribeUrl}>` },
        'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      }),
    },
    text: asBase64({ content: text }),
    html: asBase64({ content: html }),
    ...(calendar && { icalEvent: asBase64(calendar) }),
    attachments,
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const { from: sender, to: recipients } = message.getEnvelope();
  // Only such an address, in a header, contains characters beyond ASCII (RFC 6532).
  const raw = Buffer.from(encodeNode(message), needsSmtpUtf8(to.address) ? 'utf8' : 'latin1');
  return { raw, envelope: { from: sender || '', to: recipients } };
}

/** Base64 is safe for any content, and none of its lines looks like a boundary. nodemailer already encodes attachments in this way. */
function asBase64<Part>(part: Part) {
  return { ...part, contentTransferEncoding: 'base64' };
}

/** A part with its headers and all parts within it, in ASCII except for an address that needs SMTPUTF8. */
function encodeNode(node: MimeNode): string {
  // This call also sets the boundary.
  const headers = `${node.buildHeaders()}\r\n\r\n`;
  if (node.childNodes.length === 0) return headers + encodeContent(node);
  const children = node.childNodes.map((child) => `--${node.boundary}\r\n${encodeNode(child)}\r\n`);
  return `${headers}${children.join('')}--${node.boundary}--\r\n`;
}

function encodeContent(node: MimeNode): string {
  const { content } = node;
  const isKnown = typeof content === 'string' || Buffer.isBuffer(content);
  if (!isKnown || node.getTransferEncoding() !== 'base64')
    throw new Error('a part of a message is not encoded as base64');
  const base64 = Buffer.from(content as string).toString('base64');
  const lines: string[] = [];
  for (let start = 0; start < base64.length; start += LINE_LENGTH) lines.push(base64.slice(start, start + LINE_LENGTH));
  return lines.join('\r\n');
}
