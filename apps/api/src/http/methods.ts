import { callNames, type Method, routeOf } from '#contract';

/** The methods of each path, the paths as patterns. */
const paths = new Map<string, { pattern: RegExp; methods: string[] }>();
for (const name of callNames) {
  const { method, path } = routeOf(name);
  const known = paths.get(path) ?? {
    pattern: new RegExp(`^/api/v1${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    methods: [],
  };
  known.methods.push(...withHead(method));
  paths.set(path, known);
}

/** Returns the methods that a URL supports; an empty list for an unknown URL. */
export function methodsAt(url: string): string[] {
  const path = url.replace(/[?#].*$/s, '');
  return [...paths.values()].flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : []));
}

function withHead(method: Method): string[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}
