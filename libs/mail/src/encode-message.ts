import MimeNode from 'nodemailer/lib/mime-node';
import type { ComposedMail } from './message.ts';

/**
 * A message as it goes over the wire (RFC 5322, RFC 2045). Headers, where what people typed stands, are written by nodemailer; the
 * bodies are all base64, which needs no care for what they hold. Letting nodemailer put the parts together costs four times as
 * much: it asks each part anew how to encode it, and passes each through streams of its own.
 */
export function mimeOf(options: { from: string; messageId: string; mail: ComposedMail }): {
  raw: string;
  envelope: { from: string; to: string[] };
} {
  const { from, messageId, mail } = options;
  const head = new MimeNode(MIXED.type);
  head.setHeader({
    from,
    to: mail.to,
    subject: mail.subject,
    'message-id': `<${messageId}>`,
    date: new Date().toUTCString().replace('GMT', '+0000'),
    'auto-submitted': 'auto-generated',
  });
  const { from: sender, to: recipients } = head.getEnvelope();
  return { raw: `${head.buildHeaders()}\r\n\r\n${mixed(mail)}`, envelope: { from: sender || '', to: recipients } };
}

/** No line of base64 has an underscore, so none is taken for a boundary. */
const multipart = (subtype: string) => {
  const boundary = `=_comptoir_${subtype}`;
  return { boundary, type: `multipart/${subtype}; boundary="${boundary}"` };
};
const MIXED = multipart('mixed');
const ALTERNATIVE = multipart('alternative');
const RELATED = multipart('related');

/** The text in its three forms (the last that a mail client understands is shown), then the files. */
function mixed({ html, text, calendar, attachments }: ComposedMail): string {
  const inline = attachments.filter(({ cid }) => cid);
  const files = attachments.filter(({ cid }) => !cid);
  return parts(MIXED, [
    part(
      ALTERNATIVE.type,
      parts(ALTERNATIVE, [
        encoded('text/plain; charset=utf-8', text),
        part(RELATED.type, parts(RELATED, [encoded('text/html; charset=utf-8', html), ...inline.map(file)])),
        ...(calendar ? [encoded(`text/calendar; charset=utf-8; method=${calendar.method}`, calendar.content)] : []),
      ]),
    ),
    ...(calendar
      ? [file({ filename: calendar.filename, content: calendar.content, contentType: 'application/ics' })]
      : []),
    ...files.map(file),
  ]);
}

function parts({ boundary }: typeof MIXED, inside: string[]): string {
  return `${inside.map((each) => `--${boundary}\r\n${each}\r\n`).join('')}--${boundary}--`;
}

function part(type: string, body: string, ...headers: string[]): string {
  return `${[`Content-Type: ${type}`, ...headers].join('\r\n')}\r\n\r\n${body}`;
}

function encoded(type: string, content: string | Buffer, ...headers: string[]): string {
  return part(type, base64(content), 'Content-Transfer-Encoding: base64', ...headers);
}

function file({ filename, content, contentType, cid }: ComposedMail['attachments'][number]): string {
  // Ours, not what anybody typed.
  if (!/^[\w.-]+$/.test(filename)) throw new Error('a file of a message needs a plain name');
  return encoded(
    `${contentType}; name="${filename}"`,
    content,
    `Content-Disposition: ${cid ? 'inline' : 'attachment'}; filename="${filename}"`,
    ...(cid ? [`Content-ID: <${cid}>`] : []),
  );
}

/** The same picture in every message is encoded once. */
const known = new WeakMap<Buffer, string>();

/** Lines of 76 characters. */
function base64(content: string | Buffer): string {
  if (typeof content === 'string') return wrapped(Buffer.from(content));
  const before = known.get(content) ?? wrapped(content);
  known.set(content, before);
  return before;
}

function wrapped(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{76}(?!$)/g, '$&\r\n');
}
