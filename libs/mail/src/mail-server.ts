import SmtpConnection from 'nodemailer/lib/smtp-connection';

/** How long an answer of the server is believed, and how long it is not asked again after it did not answer, in milliseconds. */
const KNOWN_FOR_MS = 600_000;
const UNKNOWN_FOR_MS = 15_000;
/** The longest wait for the server, in milliseconds: a person waits for it. */
const ASKED_WITHIN_MS = 3_000;

/** Where the mail server is, as `SMTP_URL` says it. */
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

/** What the mail server offers. It is asked when somebody wants to know, and no more than once in ten minutes. */
export abstract class MailServer {
  /**
   * Whether it sends to addresses with characters beyond ASCII before `@` (SMTPUTF8, RFC 6531). Undefined where it does not answer now.
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

/** The server's answer to EHLO, after STARTTLS where it offers that; undefined where it does not answer. */
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
