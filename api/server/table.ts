import type { Right, Scope } from '#engine/domain/records/client.ts';
import { ENVELOPE_FORM } from './errors.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { ErrorForm, Handler, Method, Route } from './types.ts';

/** A route as the hot path wants it. */
export interface CompiledRoute {
  method: Method;
  path: string;
  /** undefined: public */
  scopes: readonly Scope[] | undefined;
  /** what a PARTNER needs */
  right: Right;
  anyOrganization: boolean;
  body: Route['body'];
  maxBodyBytes: number;
  maxDepth: number;
  address: boolean;
  headers: readonly string[];
  /** names of the path parameters, in order */
  params: readonly string[];
  errors: ErrorForm;
  handler: Handler;
}

/** All that may be done on one path template. */
export interface PathEntry {
  /** template as uWebSockets writes it: `/cases/:caseId` */
  pattern: string;
  path: string;
  methods: ReadonlyMap<string, CompiledRoute>;
  /** PATCH route that POST with the override header reaches */
  override: CompiledRoute | undefined;
  /** for the header `Allow` of a 405 */
  allow: string;
  /** body of the 405, where it is not the envelope */
  notAllowed: string | undefined;
}

const PARAMETER = /\{([A-Za-z]+)\}/g;
const LOWER = /^[a-z0-9-]+$/;

export function compileRoute(route: Route, limits: Limits = LIMITS): CompiledRoute {
  const headers = route.headers ?? [];
  for (const name of headers)
    if (!LOWER.test(name)) throw new Error(`header ${name} of ${route.path} is not lower-case`);
  if (route.override && route.method !== 'PATCH')
    throw new Error(`${route.method} ${route.path}: only PATCH is overridden`);
  return {
    method: route.method,
    path: route.path,
    scopes: route.scopes === 'public' ? undefined : route.scopes,
    right: route.right ?? (route.method === 'GET' ? 'read' : 'write'),
    anyOrganization: route.anyOrganization === true,
    body: route.body,
    maxBodyBytes: route.maxBodyBytes ?? limits.jsonBytes,
    maxDepth: limits.jsonDepth,
    address: route.address === true,
    headers,
    params: [...route.path.matchAll(PARAMETER)].map((match) => match[1] as string),
    errors: route.errors ?? ENVELOPE_FORM,
    handler: route.handler,
  };
}

/** The table by path. @throws Error on two routes with the same method and path */
export function compileTable(routes: readonly Route[], limits: Limits = LIMITS): PathEntry[] {
  const paths = new Map<
    string,
    {
      path: string;
      methods: Map<string, CompiledRoute>;
      override: CompiledRoute | undefined;
      notAllowed: string | undefined;
    }
  >();
  for (const route of routes) {
    const pattern = route.path.replace(PARAMETER, ':$1');
    const entry = paths.get(pattern) ?? {
      path: route.path,
      methods: new Map(),
      override: undefined,
      notAllowed: route.notAllowed,
    };
    if (entry.methods.has(route.method)) throw new Error(`two routes ${route.method} ${route.path}`);
    const compiled = compileRoute(route, limits);
    entry.methods.set(route.method, compiled);
    if (route.override) entry.override = compiled;
    paths.set(pattern, entry);
  }
  return [...paths].map(([pattern, { path, methods, override, notAllowed }]) => {
    const allow = [...methods.keys(), ...(override && !methods.has('POST') ? ['POST'] : [])];
    return { pattern, path, methods, override, allow: allow.sort().join(', '), notAllowed };
  });
}
