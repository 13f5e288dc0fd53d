import SmtpConnection from 'nodemailer/lib/smtp-connection';

/** How long an answer of the server is used, and how long after a missing answer the server is not asked again, in milliseconds. */
const KNOWN_FOR_MS = 600_000;
const UNKNOWN_FOR_MS = 15_000;
/** How long to wait for the server, in milliseconds. A person waits for the answer. */
const ASKED_WITHIN_MS = 3_000;

/** The address of the mail server in `SMTP_URL`. */
export function smtpServerOf(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: url.searchParams.get('requireTLS') === 'true',
  };
}

/** The features of the mail server. It is asked on demand, and at most once in ten minutes. */
export abstract class MailServer {
  /**
   * Whether it sends to addresses with characters beyond ASCII before `@` (SMTPUTF8, RFC 6531). Undefined if it does not answer now.
   */
  abstract offersSmtpUtf8(): Promise<boolean | undefined>;
}

/** @param options.smtpUrl `SMTP_URL` */
export function createMailServer({ smtpUrl }: { smtpUrl: string }): MailServer {
  let known: Promise<boolean | undefined> | undefined;
  let until = 0;
  return {
    offersSmtpUtf8() {
      if (known && performance.now() < until) return known;
      until = performance.now() + KNOWN_FOR_MS;
      known = greet(smtpUrl).then((extensions) => {
        if (extensions === undefined) until = performance.now() + UNKNOWN_FOR_MS;
        return extensions && /^\d{3}[ -]SMTPUTF8\b/im.test(extensions);
      }) as Promise<boolean | undefined>;
      return known;
    },
  };
}

/** Returns the server's answer to EHLO, after STARTTLS if it offers that; undefined if it does not answer. */
function greet(smtpUrl: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const connection = new SmtpConnection({
      ...smtpServerOf(smtpUrl),
      connectionTimeout: ASKED_WITHIN_MS,
      greetingTimeout: ASKED_WITHIN_MS,
      socketTimeout: ASKED_WITHIN_MS,
    });
    const timer = setTimeout(() => end(undefined), ASKED_WITHIN_MS);
    function end(answer: string | undefined) {
      clearTimeout(timer);
      resolve(answer);
      connection.close();
    }
    connection.once('error', () => end(undefined));
    connection.once('end', () => end(undefined));
    connection.connect(() => end(connection.lastServerResponse || undefined));
  });
}
