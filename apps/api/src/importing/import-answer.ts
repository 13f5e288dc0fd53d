import {
  IMPORT_LIST_MAX,
  type ImportDifference,
  type ImportFinding,
  type ImportPreview as ImportPreviewAnswer,
  type Locale,
} from '#contract';
import { type Difference, describeFinding, type Finding, type ImportPreview } from '#programme';

/** A preview in one language. Lists are cut; the counts count everything. */
export function importAnswer(preview: ImportPreview, locale: Locale): ImportPreviewAnswer {
  const { findings, entries, differences, columns, mapping, ...facts } = preview;
  const ofLevel = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  return {
    ...facts,
    ...(columns && { columns: columns.map(({ heading, letters, examples }) => ({ heading, letters, examples })) }),
    ...(mapping && { mapping }),
    findings: findings.slice(0, IMPORT_LIST_MAX).map((finding) => findingAnswer(finding, locale)),
    findingCounts: {
      error: ofLevel('error'),
      doubt: ofLevel('doubt'),
      warning: ofLevel('warning'),
      blocking: findings.filter(({ blocks }) => blocks).length,
    },
    entries: entries.slice(0, IMPORT_LIST_MAX),
    entryCount: entries.length,
    // What is refused comes first: it says why nothing can be applied.
    differences: inOrder(differences).slice(0, IMPORT_LIST_MAX).map(differenceAnswer),
    differenceCounts: differenceCounts(differences),
  };
}

/** How many rooms and Cafés are new, changed and gone, each once, and how many differences are refused. */
export function differenceCounts(differences: Difference[]): ImportPreviewAnswer['differenceCounts'] {
  const items = (change: Difference['change']) =>
    new Set(differences.filter((each) => each.change === change).map(({ about, code }) => `${about} ${code}`)).size;
  return {
    added: items('added'),
    changed: items('changed'),
    removed: items('removed'),
    refused: differences.filter(({ outcome }) => outcome === 'refused').length,
  };
}

function findingAnswer({ values, ...finding }: Finding, locale: Locale): ImportFinding {
  return {
    ...finding,
    message: describeFinding({ code: finding.code, values }, locale),
    fields: finding.fields.map(({ choices, ...field }) => ({ ...field, ...(choices && { choices: [...choices] }) })),
  };
}

function inOrder(differences: Difference[]): Difference[] {
  const refused = (difference: Difference) => Number(difference.outcome === 'refused');
  return differences.toSorted((one, other) => refused(other) - refused(one));
}

function differenceAnswer({ about, code, change, field, from, to, outcome, reason }: Difference): ImportDifference {
  return {
    about,
    code,
    change,
    ...(field !== undefined && { field }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    outcome,
    ...(reason !== undefined && { reason }),
  };
}
