import { routes } from '../docs/routes.ts';

/** The calls of each path, the paths as patterns. */
const calls = new Map<string, { pattern: RegExp; methods: string[] }>();
for (const { path, method } of routes) {
  const known = calls.get(path) ?? {
    pattern: new RegExp(`^/api/v1${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    methods: [],
  };
  known.methods.push(...(method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  calls.set(path, known);
}

/** The methods that a URL can be asked with; none for one that is not there. */
export function methodsAt(url: string): string[] {
  const path = url.replace(/[?#].*$/s, '');
  return [...calls.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : []));
}
