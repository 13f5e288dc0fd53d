import { Injectable } from '@nestjs/common';
import { addressError, ProblemError } from '#contract';
import { MailServer } from '#mail/server-module';
import { needsSmtpUtf8 } from '#text';

/** Refuses addresses to which the mail server cannot send. It is called before a seat is given or a mail is written for them. */
@Injectable()
export class Deliverable {
  readonly #mailServer: MailServer;

  constructor(mailServer: MailServer) {
    this.#mailServer = mailServer;
  }

  /**
   * While the mail server does not answer, no address is refused. The message then waits, and is recorded as undelivered if the server
   * refuses it later.
   * @param addresses by their path in the body: `email`, `people.3.email`
   * @throws ProblemError `address-not-deliverable`
   */
  async check(addresses: Record<string, string>): Promise<void> {
    const paths = Object.keys(addresses).filter((path) => needsSmtpUtf8(addresses[path] as string));
    if (paths.length === 0 || (await this.#mailServer.offersSmtpUtf8()) !== false) return;
    const errors = paths.map((path) => addressError(path, 'needs-smtputf8'));
    throw new ProblemError('address-not-deliverable', { errors });
  }

  /** As `check`, for a list of addresses. @param place returns the path of the address at an index */
  async checkAll(addresses: readonly string[], place: (index: number) => string): Promise<void> {
    await this.check(Object.fromEntries(addresses.map((address, index) => [place(index), address])));
  }
}
