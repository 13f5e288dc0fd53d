import type { CafeSeats, RoomSeats } from '#contract';

/** The newest counts of each known Café, by room. Of two counts of a Café, it stores the one with the higher version. */
export class SeatCounts {
  readonly #cafes = new Map<string, CafeSeats>();
  readonly #roomOf = new Map<string, string>();
  readonly #cafesOf = new Map<string, string[]>();

  /** Sets the Cafés of a room, in their order. Returns whether they changed. */
  place(roomId: string, cafeIds: string[]): boolean {
    const known = this.#cafesOf.get(roomId);
    if (known?.length === cafeIds.length && known.every((cafeId, index) => cafeId === cafeIds[index])) return false;
    for (const cafeId of known ?? []) if (this.#roomOf.get(cafeId) === roomId) this.#roomOf.delete(cafeId);
    this.#cafesOf.set(roomId, cafeIds);
    for (const cafeId of cafeIds) this.#roomOf.set(cafeId, roomId);
    return true;
  }

  /** Stores counts that are newer than the known ones. Returns whether it stored them. */
  take(counts: CafeSeats): boolean {
    const known = this.#cafes.get(counts.cafeId);
    if (known && known.version >= counts.version) return false;
    this.#cafes.set(counts.cafeId, counts);
    return true;
  }

  /** Stores counts of any version: for counts that were read from the database. */
  replace(counts: CafeSeats): void {
    this.#cafes.set(counts.cafeId, counts);
  }

  /** Returns a copy of the versions of all known Cafés. */
  versions(): Map<string, number> {
    return new Map([...this.#cafes].map(([cafeId, { version }]) => [cafeId, version]));
  }

  /** Returns -1 for an unknown Café. */
  versionOf(cafeId: string): number {
    return this.#cafes.get(cafeId)?.version ?? -1;
  }

  /** Returns undefined for a Café without a room: a draft, or an unknown Café. */
  roomOf(cafeId: string): string | undefined {
    return this.#roomOf.get(cafeId);
  }

  /** Returns undefined for an unknown room. */
  room(roomId: string): RoomSeats | undefined {
    const cafeIds = this.#cafesOf.get(roomId);
    if (!cafeIds) return undefined;
    const cafes = cafeIds.flatMap((cafeId) => this.#cafes.get(cafeId) ?? []);
    return { roomId, version: cafes.reduce((sum, counts) => sum + counts.version, 0), cafes };
  }
}
