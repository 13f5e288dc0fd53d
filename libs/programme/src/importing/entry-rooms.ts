import { fold } from '#text';
import type { ProgrammeDocument } from '../document.ts';
import type { AnswerReader } from './answers.ts';
import type { TextCleaner } from './entry-texts.ts';
import type { Report } from './finding.ts';
import type { ImportedEntry, ImportedProgramme } from './imported.ts';
import { codeFrom, freeCode } from './slugs.ts';

type RoomOf = ProgrammeDocument['rooms'][number];

/** The rooms of an import. A room of the file that the event has, by its name or code, is that room. */
export class ImportedRooms {
  readonly #byName = new Map<string, { code: string; name: string; capacity?: number }>();
  readonly #existing: RoomOf[];
  readonly #codes: Set<string>;
  readonly #clean: TextCleaner;

  constructor({ rooms, entries }: ImportedProgramme, existing: RoomOf[], clean: TextCleaner) {
    this.#existing = existing;
    this.#clean = clean;
    this.#codes = new Set(existing.map(({ code }) => code));
    for (const { name, capacity } of rooms) this.#add(name, capacity);
    for (const { room } of entries) if (room) this.#add(room);
  }

  /** The code of the room of an entry; undefined where the file names none and there are several. */
  of(entry: ImportedEntry, answers: AnswerReader, report: Report): string | undefined {
    const name = answers.text(`entries.${entry.key}.room`) ?? entry.room ?? answers.text('defaults.room');
    if (name) return this.#add(name).code;
    const [only, ...others] = this.#byName.values();
    if (only && others.length === 0) return only.code;
    const choices = [...this.#byName.values()].map((room) => room.name);
    const fields = [
      { path: `entries.${entry.key}.room`, type: 'text' as const, choices },
      { path: 'defaults.room', type: 'text' as const, choices },
    ];
    report({ level: 'error', code: 'room-missing', place: entry.place, fields, entry: entry.key });
    return undefined;
  }

  nameOf(code: string): string {
    return [...this.#byName.values()].find((room) => room.code === code)?.name ?? code;
  }

  /**
   * The capacity of a room: by hand, of the file, of the event, else the most seats of an entry in it. Without any it is asked for, once.
   * @param largest the most seats that the file gives to an entry in the room
   */
  capacityOf(code: string, largest: number | undefined, answers: AnswerReader): number | undefined {
    const room = [...this.#byName.values()].find((each) => each.code === code);
    return (
      answers.number(`rooms.${code}.capacity`) ??
      room?.capacity ??
      this.#existing.find((each) => each.code === code)?.capacity ??
      largest
    );
  }

  /** Every room of the file, then those of the event that the file does not name. */
  list(capacities: Map<string, number | undefined>): (Omit<RoomOf, 'capacity'> & { capacity?: number })[] {
    const named = [...this.#byName.values()].map(({ code, name }) => ({
      code,
      name: this.#existing.find((room) => room.code === code)?.name ?? name,
      capacity: capacities.get(code),
    }));
    const codes = new Set(named.map(({ code }) => code));
    return [...named, ...this.#existing.filter(({ code }) => !codes.has(code))];
  }

  codes(): string[] {
    return [...this.#byName.values()].map(({ code }) => code);
  }

  #add(written: string, capacity?: number) {
    const name = this.#clean.line(written, 120) || written;
    const key = fold(name).trim();
    const known = this.#byName.get(key);
    if (known) return known;
    const there = this.#existing.find((room) => fold(room.name).trim() === key || room.code === name);
    const code = there?.code ?? freeCode(codeFrom(name) || 'salle', this.#codes);
    const room = { code, name, ...(capacity !== undefined && { capacity }) };
    this.#byName.set(key, room);
    return room;
  }
}
