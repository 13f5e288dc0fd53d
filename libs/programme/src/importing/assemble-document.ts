import { checkProgramme, ProgrammeDocument } from '../document.ts';
import { AnswerReader, type Answers } from './answers.ts';
import type { Assembled, EntryPreview, ImportContext } from './assemble.ts';
import { collectFindings, type Finding } from './finding.ts';

/**
 * Checks a document of our own with what was set by hand. Over an event that is there it keeps the slug of that event.
 * @param findings what reading it found
 */
export function assembleDocument(
  given: unknown,
  findings: Finding[],
  answers: Answers,
  { existing }: Pick<ImportContext, 'existing'>,
): Assembled {
  const document = withAnswers(given, answers);
  const { findings: found, report } = collectFindings();
  const slug = (document as { event?: { slug?: unknown } } | null)?.event?.slug;
  if (existing && typeof slug === 'string' && slug !== existing.event.slug) {
    report({ level: 'warning', code: 'slug-is-of-event', values: { slug }, place: { path: 'event.slug' } });
    Object.assign((document as { event: object }).event, { slug: existing.event.slug });
  }
  for (const { path, message } of checkProgramme(document)) {
    const fields = path === '' ? [] : [{ path, type: 'text' as const }];
    report({
      level: 'error',
      code: 'document-invalid',
      values: { path: path || 'document', message },
      place: { path },
      fields,
    });
  }
  const all = [...found, ...findings];
  const blocked = all.some(({ blocks }) => blocks);
  return {
    document: blocked ? undefined : ProgrammeDocument.parse(document),
    draft: document,
    findings: all,
    entries: previewsOf(document),
  };
}

/** A copy with values set by their paths. Numbers stay numbers where one stood; paths that lead nowhere are left out. */
function withAnswers(document: unknown, answers: Answers): unknown {
  const copy: unknown = structuredClone(document);
  for (const [path, value] of new AnswerReader(answers).paths()) {
    const names = path.split('.');
    const last = names.pop() as string;
    let at: unknown = copy;
    for (const name of names) at = isContainer(at) && Object.hasOwn(at, name) ? at[name] : undefined;
    if (!isContainer(at) || last === '__proto__') continue;
    const isNumber = typeof at[last] === 'number' || /(?:capacity|minutes|Percent)$/.test(last);
    at[last] = isNumber && !Number.isNaN(Number(value)) ? Number(value) : value;
  }
  return copy;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function previewsOf(document: unknown): EntryPreview[] {
  const { data } = ProgrammeDocument.safeParse(document);
  return (data?.cafes ?? []).map(({ code, texts, room, startsAt, endsAt, capacity, speakers }, index) => ({
    key: String(index),
    code,
    title: Object.values(texts)[0]?.title ?? code,
    room: data?.rooms.find((each) => each.code === room)?.name ?? room,
    day: startsAt.slice(0, 10),
    startsAt,
    endsAt,
    capacity,
    speakers: speakers.map(({ name }) => name),
  }));
}
