/** A line that is a guard, and its broken replacement. */
interface Mutant {
  /** The broken rule, in words. */
  what: string;
  /** The source file, from the root of the project. */
  module: string;
  edits: [from: string, to: string][];
  /** The test that must fail. */
  caughtBy: { file: string; title: string };
  /** Whether the test fails within a few seconds, so that `npm test` runs it too. */
  cheap?: boolean;
}

const matrix = (title: string) => ({ file: 'test/security/matrix.spec.ts', title });

/** The mutants that `npm run security -- mutants` must find. */
export const mutants = {
  'everyone-acts-at-the-door': {
    what: 'every signed-in attendee acts as a host',
    module: 'apps/api/src/http/access.ts',
    edits: [
      [
        'const role = (await this.#rolesOf(attendeeId)).find(allows) ?? (await this.#rolesNow(attendeeId)).find(allows);',
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
    caughtBy: { file: 'test/security/guessing.spec.ts', title: 'of 50 tries at once' },
  },
  'any-browser-signs-in': {
    what: 'a link signs in any browser',
    module: 'libs/identity/src/sign-in.ts',
    edits: [['throw new CodeRequired(', 'new CodeRequired(']],
    caughtBy: { file: 'test/security/scanner.spec.ts', title: 'is asked for the code' },
  },
  'no-proof-of-work': {
    what: 'a flooder needs no proof of work',
    module: 'apps/api/src/http/fair-share.ts',
    edits: [['if (most > 0) {', 'if (false) {']],
    caughtBy: { file: 'test/security/phones.spec.ts', title: 'are never refused' },
  },
  'no-headers': {
    what: 'answers of the API carry no security headers',
    module: 'apps/api/src/http/security-headers.ts',
    edits: [['reply.headers(data ? forData : forPages);', '']],
    caughtBy: { file: 'test/security/headers.spec.ts', title: 'a sign-in: of the API' },
    cheap: true,
  },
  'errors-are-ours': {
    what: 'a request that a library refuses is answered as an internal error',
    module: 'apps/api/src/http/problem-filter.ts',
    edits: [['if (status && status >= 400 && status < 500)', 'if (false)']],
    caughtBy: { file: 'test/security/fuzz.spec.ts', title: 'breaks nothing' },
  },
} satisfies Record<string, Mutant>;
export type MutantName = keyof typeof mutants;

/** The mutants that `npm test` runs too. */
export const cheapMutants = (Object.keys(mutants) as MutantName[]).filter((name) => (mutants[name] as Mutant).cheap);

/** The source of a file with the lines of the mutant. @throws Error when a line is missing */
export function mutated(name: MutantName, file: string, source: string): string {
  const { module, edits }: Mutant = mutants[name];
  if (!file.endsWith(`/${module}`)) return source;
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The mutant ${name} does not find its line: ${from}`);
    return text.replace(from, to);
  }, source);
}
