import type { FastifyRequest } from 'fastify';
import type { Access, RegistrationKey } from '#contract';
import type { Session } from '#identity';
import type { CafeFacts, EventFacts, RoomFacts } from '#programme';
import type { OwnedRegistration } from '#seats';

/** The data that the guard read to grant access: the session, and the object of the call. */
export type Grant<Granted extends Access = Access> = Granted extends { who: 'everybody' }
  ? object
  : Granted extends { who: 'signed-in' }
    ? { session: Session }
    : Granted extends { who: 'registration' }
      ? RegistrationGrant
      : Granted extends { of: 'event' }
        ? { session: Session; event: EventFacts }
        : Granted extends { of: 'room' }
          ? { session: Session; room: RoomFacts }
          : Granted extends { of: 'cafe-of-registration' }
            ? { session: Session; cafe: CafeFacts; registration: OwnedRegistration }
            : { session: Session; cafe: CafeFacts };

/** A registration, and the key that opened it. */
export interface RegistrationGrant {
  registration: OwnedRegistration;
  openedBy: RegistrationKey;
}

const grants = new WeakMap<FastifyRequest, Grant>();

/** Stores the grant of the guard until the handler is called. */
export function storeGrant(request: FastifyRequest, grant: Grant): void {
  grants.set(request, grant);
}

/** Returns the grant of a request. */
export function grantOf(request: FastifyRequest): Grant | undefined {
  return grants.get(request);
}
