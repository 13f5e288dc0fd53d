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
    edits: [
      [
        'const role = (await this.#rolesOf(attendeeId)).find(allows);',
        'const role = [...(await this.#rolesOf(attendeeId)), {} as Role][0];',
      ],
    ],
    caughtBy: matrix('POST /check-ins'),
    cheap: true,
  },
  'organisers-of-every-event': {
    what: 'an organiser of one event is an organiser of all',
    module: 'apps/api/src/http/access.ts',
    edits: [["return role.role === 'organiser' && role.eventId === eventId;", "return role.role === 'organiser';"]],
    caughtBy: matrix('PATCH /cafes/{id}'),
  },
  'live-for-everyone': {
    what: 'a live message is answered without the role that it needs',
    module: 'apps/gateway/src/connections/access.ts',
    edits: [['if (!allows(roles, scope)) {', 'if (false) {']],
    caughtBy: matrix('dashboard:watch'),
    cheap: true,
  },
  'roles-for-ever': {
    what: 'the API remembers roles for an hour',
    module: 'apps/api/src/http/access.ts',
    edits: [['const ROLES_TTL_MS = 3_000;', 'const ROLES_TTL_MS = 3_600_000;']],
    caughtBy: { file: 'apps/local/src/comptoir.spec.ts', title: 'ends what a revoked role allowed' },
  },
  'no-limit-of-tries': {
    what: 'codes are tried without a limit',
    module: 'libs/identity/src/code-tries.ts',
    edits: [['if (seconds !== null) throw', 'if (false) throw']],
    caughtBy: { file: 'test/security/guessing.spec.ts', title: 'of 50 at once' },
  },
  'any-browser-signs-in': {
    what: 'a link signs in any browser',
    module: 'libs/identity/src/sign-in.ts',
    edits: [['throw new CodeRequired(', 'new CodeRequired(']],
    caughtBy: { file: 'test/security/scanner.spec.ts', title: 'is asked for the code' },
  },
  'no-proof-of-work': {
    what: 'a flooder is asked for no proof of work',
    module: 'apps/api/src/http/fair-share.ts',
    edits: [['if (most > 0) {', 'if (false) {']],
    caughtBy: { file: 'test/security/phones.spec.ts', title: 'are refused nothing' },
  },
  'no-headers': {
    what: 'answers of the API carry no security headers',
    module: 'apps/api/src/http/security-headers.ts',
    edits: [['reply.headers(data ? forData : forPages);', '']],
    caughtBy: { file: 'test/security/headers.spec.ts', title: 'a sign-in: of the API' },
    cheap: true,
  },
  'faults-are-ours': {
    what: 'what a library refuses is answered as our fault',
    module: 'apps/api/src/http/problem-filter.ts',
    edits: [['if (status && status >= 400 && status < 500)', 'if (false)']],
    caughtBy: { file: 'test/security/fuzz.spec.ts', title: 'breaks nothing' },
  },
} satisfies Record<string, Mutant>;
export type MutantName = keyof typeof mutants;

/** Those that `npm test` tries as well. */
export const cheapMutants = (Object.keys(mutants) as MutantName[]).filter((name) => (mutants[name] as Mutant).cheap);

/** The source of a file with the mutant's lines in it. @throws Error when a line is not there any more. */
export function mutated(name: MutantName, file: string, source: string): string {
  const { module, edits }: Mutant = mutants[name];
  if (!file.endsWith(`/${module}`)) return source;
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The mutant ${name} finds its line no more: ${from}`);
    return text.replace(from, to);
  }, source);
}
