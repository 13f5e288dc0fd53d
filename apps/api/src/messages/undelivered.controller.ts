import { Controller } from '@nestjs/common';
import { type OwnUndelivered, ProblemError, type Undelivered } from '#contract';
import { Attendees } from '#identity';
import { Outbox } from '#notifications';
import { type CallInput, Handles } from '../http/call.ts';

/** The undelivered messages: organisers see those of their event, attendees their own. */
@Controller()
export class UndeliveredController {
  readonly #outbox: Outbox;
  readonly #attendees: Attendees;

  constructor(outbox: Outbox, attendees: Attendees) {
    this.#outbox = outbox;
    this.#attendees = attendees;
  }

  @Handles('GET /me/undelivered')
  async mine({ session }: CallInput<'GET /me/undelivered'>): Promise<OwnUndelivered[]> {
    const found = await this.#outbox.undeliveredTo(session.attendeeId);
    return found.map(({ outboxId: id, ...rest }) => ({ id, ...rest }));
  }

  @Handles('GET /events/{slug}/undelivered')
  async ofEvent({ event }: CallInput<'GET /events/{slug}/undelivered'>): Promise<Undelivered[]> {
    const found = await this.#outbox.undelivered(event.id);
    const names = await this.#attendees.findByIds(found.map(({ attendeeId }) => attendeeId));
    return found.map(({ outboxId: id, attendeeId, ...rest }) => {
      const { name = '', email = '' } = names.get(attendeeId) ?? {};
      return { id, ...rest, name, email };
    });
  }

  @Handles('POST /events/{slug}/undelivered/{id}/send-again')
  async sendAgain({ id, event }: CallInput<'POST /events/{slug}/undelivered/{id}/send-again'>): Promise<void> {
    if (!(await this.#outbox.sendAgain(id, event.id))) throw new ProblemError('message-not-found');
  }
}
