/** The allowed imports between parts. All others are forbidden. */

export default {
  // `#seats` and the like lead to the sources, as for the compiler.
  options: {
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-app-knows-an-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-lib-knows-an-app',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^(apps|test)/' },
    },
    {
      name: 'the-pages-know-client-contract-text',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^libs/', pathNot: '^libs/(client|contract|text)/' },
    },
    {
      name: 'no-feature-of-the-pages-knows-another',
      severity: 'error',
      from: { path: '^apps/web/src/([^/]+)/', pathNot: '^apps/web/src/shared/' },
      to: { path: '^apps/web/src/[^/]+/', pathNot: '^apps/web/src/($1|shared|styles)/' },
    },
    {
      name: 'what-pages-share-knows-no-feature',
      severity: 'error',
      from: { path: '^apps/web/src/shared/' },
      to: { path: '^apps/web/src/', pathNot: '^apps/web/src/(shared|styles)/' },
    },
    {
      name: 'the-client-knows-the-contract-and-hashes',
      severity: 'error',
      from: { path: '^libs/client/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/(client|contract)/|node_modules/@noble/hashes/' },
    },
    {
      name: 'the-contract-knows-text-and-zod',
      severity: 'error',
      from: { path: '^libs/contract/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/(contract|text)/|node_modules/zod/' },
    },
    {
      name: 'text-knows-nobody',
      severity: 'error',
      from: { path: '^libs/text/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/text/|node_modules/punycode.js/' },
    },
    {
      name: 'subjects-know-audit-log-notifications-platform-contract-text',
      severity: 'error',
      from: { path: '^libs/(seats|identity|programme)/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^libs/', pathNot: '^libs/($1|audit-log|notifications|platform|contract|text)/' },
    },
    {
      name: 'carriers-know-platform-contract-text',
      severity: 'error',
      from: { path: '^libs/(audit-log|notifications|live|mail|tickets|calendar)/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^libs/', pathNot: '^libs/($1|platform|contract|text)/' },
    },
    {
      name: 'platform-knows-nobody',
      severity: 'error',
      from: { path: '^libs/platform/' },
      to: { path: '^libs/', pathNot: '^libs/platform/' },
    },
    {
      name: 'a-lib-has-one-door',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/', pathNot: '\\.spec\\.tsx?$' },
      to: {
        path: '^libs/([^/]+)/src/',
        pathNot: '^libs/[^/]+/src/(index|[^/]+\\.module)\\.ts$|^$1/$2/|^libs/client/src/proof-of-work\\.ts$',
      },
    },
    {
      name: 'the-product-does-not-know-its-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^test/|\\.spec\\.tsx?$' },
    },
  ],
};
