import { Injectable } from '@nestjs/common';
import { addressError, ProblemError } from '#contract';
import { MailServer } from '#mail/server-module';
import { needsSmtpUtf8 } from '#text';

/** Refuses addresses that the mail server cannot send to, before anything is promised for them. */
@Injectable()
export class Deliverable {
  readonly #mailServer: MailServer;

  constructor(mailServer: MailServer) {
    this.#mailServer = mailServer;
  }

  /**
   * A mail server that does not answer now refuses nobody: the message waits for it, and is recorded as undelivered where it is refused then.
   * @param addresses by their place in the body: `email`, `people.3.email`
   * @throws ProblemError `address-not-deliverable`
   */
  async check(addresses: Record<string, string>): Promise<void> {
    const paths = Object.keys(addresses).filter((path) => needsSmtpUtf8(addresses[path] as string));
    if (paths.length === 0 || (await this.#mailServer.offersSmtpUtf8()) !== false) return;
    const errors = paths.map((path) => addressError(path, 'needs-smtputf8'));
    throw new ProblemError('address-not-deliverable', { errors });
  }

  /** As `check`, for a list of addresses. @param place the path of the address at an index */
  async checkAll(addresses: readonly string[], place: (index: number) => string): Promise<void> {
    await this.check(Object.fromEntries(addresses.map((address, index) => [place(index), address])));
  }
}
