/** A line that guards something, and what it would be without. */
interface Mutant {
  /** What is broken, in words. */
  what: string;
  /** The source in which it is broken, from the root of the project. */
  module: string;
  edits: [from: string, to: string][];
  /** The test that must fail. */
  caughtBy: { file: string; title: string };
  /** It is caught in a few seconds, so `npm test` tries it as well. */
  cheap?: boolean;
}

const matrix = (title: string) => ({ file: 'test/security/matrix.spec.ts', title });

/** What `npm run security -- mutants` must catch. */
export const mutants = {
  'everyone-acts-at-the-door': {
    what: 'anybody who is signed in acts as a host',
    module: 'apps/api/src/http/access.ts',
    edits: [["(role.role === 'organiser' || role.roomId === cafe.roomId)", 'true']],
    caughtBy: matrix('POST /check-ins'),
    cheap: true,
  },
  'organisers-of-every-event': {
    what: 'an organiser of one event is an organiser of all',
    module: 'apps/api/src/http/access.ts',
    edits: [["role.role === 'organiser' && role.eventId === eventId", "role.role === 'organiser'"]],
    caughtBy: matrix('PATCH /cafes/{id}'),
  },
  'live-for-everyone': {
    what: 'a live message is answered without the role that it needs',
    module: 'apps/gateway/src/rights.ts',
    edits: [['if (!allows(roles, scope)) throw', 'if (false) throw']],
    caughtBy: matrix('dashboard:watch'),
    cheap: true,
  },
  'roles-for-ever': {
    what: 'the API remembers roles for an hour',
    module: 'apps/api/src/http/access.ts',
    edits: [['const ROLES_TTL_MS = 3_000;', 'const ROLES_TTL_MS = 3_600_000;']],
    caughtBy: { file: 'apps/local/src/comptoir.spec.ts', title: 'ends what a revoked role allowed' },
  },
  'own-registrations-of-all': {
    what: 'a person reads the receipt of another',
    module: 'apps/api/src/registrations/own-seats.ts',
    edits: [],
    caughtBy: matrix('receipt'),
  },
} satisfies Record<string, Mutant>;
export type MutantName = keyof typeof mutants;

/** The source of a file with the mutant's lines in it. @throws Error when a line is not there any more. */
export function mutated(name: MutantName, file: string, source: string): string {
  const { module, edits }: Mutant = mutants[name];
  if (!file.endsWith(`/${module}`)) return source;
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The mutant ${name} finds its line no more: ${from}`);
    return text.replace(from, to);
  }, source);
}
