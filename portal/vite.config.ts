import { fileURLToPath } from 'node:url';
import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The one inline style of SvelteKit: its route announcer's. */
const ANNOUNCER_STYLE = 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=';

// biome-ignore lint/style/noDefaultExport: Vite reads the default export
export default defineConfig({
  root: here('.'),
  // Nothing inlined: the policy allows neither inline styles nor inline fonts.
  // Kit names what a page needs in its head: a second table of all pages' files would go with every page.
  build: { assetsInlineLimit: 0, modulePreload: false },
  plugins: [
    {
      name: 'islands',
      // Beside Kit's own scripts, of which it takes what they share.
      buildStart() {
        if (this.environment.name === 'client')
          this.emitFile({ type: 'chunk', id: here('./src/islands.ts'), fileName: '_app/islands.js' });
      },
    },
    sveltekit({
      compilerOptions: { runes: true },
      adapter: adapter({ out: here('./build') }),
      csp: {
        mode: 'auto',
        // What depends on addresses of the configuration is added in hooks.server.ts.
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          'style-src': ['self'],
          'style-src-attr': ['unsafe-hashes', ANNOUNCER_STYLE],
          'img-src': ['self', 'data:'],
          'object-src': ['none'],
          'base-uri': ['none'],
          'frame-ancestors': ['none'],
        },
      },
    }),
  ],
});
