import type { CafeSeats, RoomSeats } from '#contract';

/** The newest counts of every Café that is known, by room. Of two objects the one with the higher version is kept. */
export class SeatCounts {
  readonly #cafes = new Map<string, CafeSeats>();
  readonly #roomOf = new Map<string, string>();
  readonly #cafesOf = new Map<string, string[]>();

  /** Say which Cafés stand in a room, in their order. Returns whether that is new. */
  place(roomId: string, cafeIds: string[]): boolean {
    const known = this.#cafesOf.get(roomId);
    if (known?.length === cafeIds.length && known.every((cafeId, place) => cafeId === cafeIds[place])) return false;
    for (const cafeId of known ?? []) if (this.#roomOf.get(cafeId) === roomId) this.#roomOf.delete(cafeId);
    this.#cafesOf.set(roomId, cafeIds);
    for (const cafeId of cafeIds) this.#roomOf.set(cafeId, roomId);
    return true;
  }

  /** Take counts over if they are newer. Returns whether they were. */
  take(counts: CafeSeats): boolean {
    const known = this.#cafes.get(counts.cafeId);
    if (known && known.version >= counts.version) return false;
    this.#cafes.set(counts.cafeId, counts);
    return true;
  }

  /** Take counts over, whatever their version is: for what the database says. */
  replace(counts: CafeSeats): void {
    this.#cafes.set(counts.cafeId, counts);
  }

  /** The version of every Café that is known. */
  versions(): Map<string, number> {
    return new Map([...this.#cafes].map(([cafeId, { version }]) => [cafeId, version]));
  }

  /** -1 for a Café that is not known. */
  versionOf(cafeId: string): number {
    return this.#cafes.get(cafeId)?.version ?? -1;
  }

  roomOf(cafeId: string): string | undefined {
    return this.#roomOf.get(cafeId);
  }

  /** Undefined for a room that is not known. */
  room(roomId: string): RoomSeats | undefined {
    const cafeIds = this.#cafesOf.get(roomId);
    if (!cafeIds) return undefined;
    const cafes = cafeIds.flatMap((cafeId) => this.#cafes.get(cafeId) ?? []);
    return { roomId, version: cafes.reduce((sum, counts) => sum + counts.version, 0), cafes };
  }
}
