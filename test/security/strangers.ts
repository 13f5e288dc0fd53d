import { waitFor } from '../support/index.ts';
import type { SecurityStack } from './security-stack.ts';

/** The code and the link of a mail. */
export interface ReadMail {
  code: string | undefined;
  link: URL | undefined;
}

/** The code and the sign-in link of the newest mail to an address. Waits for the mail. */
export async function mailTo(stack: SecurityStack, email: string, after = 0): Promise<ReadMail> {
  const messages = await waitFor(
    () => {
      const found = stack.mailbox?.messagesTo(email) ?? [];
      return found.length > after && found;
    },
    { what: `a mail to ${email}` },
  );
  const text = messages.at(-1)?.mail.text ?? '';
  const code = /(?<![\d/=-])(\d{3}[\s\u00a0\u202f]?\d{3}|\d{4}[\s\u00a0\u202f]?\d{4})(?![\d-])/.exec(text)?.[1];
  const link = /https?:\/\/\S+\/sign-in\?token=[^\s)>\]]+/.exec(text)?.[0];
  return { code: code?.replace(/\D/g, ''), link: link === undefined ? undefined : new URL(link) };
}

export const tokenOf = ({ link }: ReadMail): string => link?.searchParams.get('token') ?? '';

/** A client for each number, with an address that no other client has. */
export const clientNumber = (number: number): string =>
  `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;

/** A browser without pages. It stores its cookies. */
export class Jar {
  readonly #stack: SecurityStack;
  readonly #client: string;
  readonly #cookies = new Map<string, string>();

  constructor(stack: SecurityStack, client: string) {
    this.#stack = stack;
    this.#client = client;
  }

  get signedIn(): boolean {
    return this.#cookies.has('comptoir_session');
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.#stack.api.call(method, path, {
      body,
      headers: { 'x-forwarded-for': this.#client, ...(cookie && { cookie }), ...headers },
    });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
}
