/** The allowed imports between parts. All others are forbidden. */

export default {
  // Imports such as `#seats` resolve to the sources, as in the compiler.
  options: {
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
  forbidden: [
    {
      name: 'no-import-cycle',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'apps-do-not-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-do-not-import-apps',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^(apps|test)/' },
    },
    {
      name: 'web-imports-client-contract-text-only',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^libs/', pathNot: '^libs/(client|contract|text)/' },
    },
    {
      name: 'web-features-do-not-import-each-other',
      severity: 'error',
      from: { path: '^apps/web/src/([^/]+)/', pathNot: '^apps/web/src/shared/' },
      to: { path: '^apps/web/src/[^/]+/', pathNot: '^apps/web/src/($1|shared|styles)/' },
    },
    {
      name: 'web-shared-imports-no-feature',
      severity: 'error',
      from: { path: '^apps/web/src/shared/' },
      to: { path: '^apps/web/src/', pathNot: '^apps/web/src/(shared|styles)/' },
    },
    {
      name: 'client-imports-contract-and-hashes-only',
      severity: 'error',
      from: { path: '^libs/client/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/(client|contract)/|node_modules/@noble/hashes/' },
    },
    {
      name: 'contract-imports-text-and-zod-only',
      severity: 'error',
      from: { path: '^libs/contract/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/(contract|text)/|node_modules/zod/' },
    },
    {
      name: 'text-imports-no-lib',
      severity: 'error',
      from: { path: '^libs/text/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/text/|node_modules/punycode.js/' },
    },
    {
      name: 'domain-libs-import-notifications-platform-contract-text-only',
      severity: 'error',
      from: { path: '^libs/(seats|identity|programme)/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^libs/', pathNot: '^libs/($1|audit-log|notifications|platform|contract|text)/' },
    },
    {
      name: 'delivery-libs-import-platform-contract-text-only',
      severity: 'error',
      from: { path: '^libs/(audit-log|notifications|live|mail|tickets|calendar)/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^libs/', pathNot: '^libs/($1|platform|contract|text)/' },
    },
    {
      name: 'platform-imports-no-lib',
      severity: 'error',
      from: { path: '^libs/platform/' },
      to: { path: '^libs/', pathNot: '^libs/platform/' },
    },
    {
      name: 'libs-are-imported-through-their-index',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/', pathNot: '\\.spec\\.tsx?$' },
      to: {
        path: '^libs/([^/]+)/src/',
        pathNot: '^libs/[^/]+/src/(index|[^/]+\\.module)\\.ts$|^$1/$2/|^libs/client/src/proof-of-work\\.ts$',
      },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.tsx?$' },
      to: { path: '^test/|\\.spec\\.tsx?$' },
    },
  ],
};
