import { type CompiledRoute, compileRoute } from '#api/server/table.ts';
import type { Route } from '#api/server/types.ts';
import type { Found } from './call.ts';

interface Line {
  route: CompiledRoute;
  pattern: RegExp;
}

const PARAMETER = /\\\{[A-Za-z]+\\\}/g;
const SIGNS = /[.*+?^${}()|[\]\\]/g;

/** Routes that may be called together: those that say so, by the paths they are called by. */
export class Together {
  readonly #fixed = new Map<string, CompiledRoute>();
  readonly #lines: Line[] = [];

  /** @throws Error on a route that needs a body, or that no agent may call. Headers are absent, which each of them allows. */
  constructor(routes: readonly Route[]) {
    for (const one of routes) {
      if (!one.together) continue;
      const { method, path, scopes } = one;
      const fits = one.body === undefined && !one.address && scopes.includes('AGENT');
      if (!fits) throw new Error(`${method} ${path} cannot be called together with others`);
      const route = compileRoute(one);
      if (route.params.length === 0) this.#fixed.set(`${method} ${path}`, route);
      else {
        const pattern = path.replace(SIGNS, '\\$&').replace(PARAMETER, '([^/]+)');
        this.#lines.push({ route, pattern: new RegExp(`^${method} ${pattern}$`) });
      }
    }
  }

  /** undefined: nothing there, or nothing that may be called so */
  find(method: string, target: string): { route: CompiledRoute; found: Found } | undefined {
    const end = target.indexOf('?');
    const path = end < 0 ? target : target.slice(0, end);
    const query = end < 0 ? '' : target.slice(end + 1);
    const name = `${method} ${path}`;
    const fixed = this.#fixed.get(name);
    if (fixed !== undefined) return { route: fixed, found: { path, query, values: [] } };
    for (const { route, pattern } of this.#lines) {
      const [, ...values] = pattern.exec(name) ?? [undefined];
      if (values.length > 0) return { route, found: { path, query, values: values as string[] } };
    }
    return undefined;
  }
}
