import {
  type ByLanguage,
  CafeSeats,
  type CafeState,
  type Dashboard,
  defaultLocale,
  inLanguage,
  type PendingClosing,
} from '#contract';

/** The data of a dashboard, from programme, seats and outbox. */
export interface DashboardParts {
  eventId: string;
  rooms: { id: string; name: string; capacity: number }[];
  cafes: (Pick<Dashboard['cafes'][number], 'kind' | 'code' | 'startsAt' | 'endsAt' | 'version'> & {
    id: string;
    texts: ByLanguage<{ title: string }>;
    /** The first language of the event. */
    fallback: string;
  })[];
  counts: (CafeSeats & {
    roomId: string;
    state: string;
    waitlistOpen: boolean;
    settingsVersion: number;
    targetCapacity?: number;
    closing?: PendingClosing;
  })[];
  registrationsOverTime: Dashboard['registrationsOverTime'];
  /** The number of attendees with a seat or a place in the waitlist. */
  people: number;
  mail: Dashboard['mail'];
}

/** Builds the dashboards of one process. */
export class DashboardComposer {
  #version = 0;

  /**
   * Returns the version of a dashboard whose data is read after this call. It grows with each dashboard that this process begins, so of two
   * dashboards, the one that was begun later has the higher version. It is a time in milliseconds, so that it also grows over a restart,
   * and stays close to the versions of other processes.
   */
  begin(): { version: number; at: string } {
    const now = Date.now();
    this.#version = Math.max(now, this.#version + 1);
    return { version: this.#version, at: new Date(now).toISOString() };
  }

  compose({ version, at }: { version: number; at: string }, parts: DashboardParts): Dashboard {
    const { eventId, rooms, cafes, counts, registrationsOverTime, people, mail } = parts;
    const factsOf = new Map(cafes.map((cafe) => [cafe.id, cafe]));
    const totals = { capacity: 0, taken: 0, waitlisted: 0, present: 0, people };
    const lines = counts.flatMap(
      ({ state, waitlistOpen, settingsVersion, targetCapacity, closing, roomId, ...rest }) => {
        const seats = CafeSeats.parse(rest);
        const cafe = factsOf.get(seats.cafeId);
        if (!cafe) return [];
        // Drafts are hidden and cancelled Cafés do not take place, so their seats cannot be taken.
        if (state !== 'draft' && state !== 'cancelled') totals.capacity += seats.capacity;
        totals.taken += seats.taken;
        totals.waitlisted += seats.waitlisted;
        totals.present += seats.present;
        const { id, kind, code, texts, fallback, startsAt, endsAt } = cafe;
        return {
          ...{
            cafeId: id,
            roomId,
            kind,
            code,
            title: inLanguage(texts, defaultLocale, fallback)?.title ?? '',
            startsAt,
            endsAt,
          },
          version: cafe.version + settingsVersion,
          state: state as CafeState,
          waitlistOpen,
          ...(targetCapacity !== undefined && { targetCapacity }),
          ...(closing && { closing }),
          seats,
        };
      },
    );
    return {
      eventId,
      version,
      at,
      rooms: rooms.map(({ id, name, capacity }) => ({ roomId: id, name, capacity })),
      cafes: lines,
      totals,
      registrationsOverTime,
      mail,
    };
  }
}
