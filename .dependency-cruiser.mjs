/** Who may import whom. Run by `./hub test`; the picture is in docs/architecture.md. */

const npm = (name) => `(^|/)node_modules/${name}/`;

/** @type {import('dependency-cruiser').IConfiguration} */
// biome-ignore lint/style/noDefaultExport: dependency-cruiser reads the default export
export default {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment:
        'Deciders take their time, ids and state as arguments: no library, no I/O, no clock. Digests, checksums and the ' +
        "source of an id's random bits, which simulation replaces, are all they take from Node.",
      severity: 'error',
      from: { path: '^engine/domain/' },
      to: { pathNot: '^engine/domain/|^(crypto|zlib)$' },
    },
    {
      name: 'engine-stands-alone',
      comment: 'The engine knows nothing of HTTP, operations or tests.',
      severity: 'error',
      from: { path: '^engine/' },
      to: { path: '^(api|gateway|ops|bench|test|portal)/' },
    },
    {
      name: 'api-sees-the-engine-through-its-client',
      comment: 'Partitions, leases and lanes are no business of the API.',
      severity: 'error',
      from: { path: '^api/' },
      to: {
        path: '^(engine|gateway|ops|bench|test|portal)/',
        pathNot: '^engine/(client|domain|telemetry|redis)/|^engine/(config|local|sqlite|version)\\.ts$',
      },
    },
    {
      name: 'gateway-stands-alone',
      comment: 'Partners take gateway/client as it is, with Node and nothing else.',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { pathNot: '^gateway/', dependencyTypesNot: ['core', 'type-only'] },
    },
    {
      name: 'portal-stands-alone',
      comment: 'The portal is an ordinary client of the API: it shares no code with the hub.',
      severity: 'error',
      from: { path: '^portal/' },
      to: { path: '^(engine|api|gateway|ops|bench|test)/' },
    },
    {
      name: 'portal-server-stays-on-the-server',
      comment: 'Secrets and calls of the hub never reach a browser. Types may.',
      severity: 'error',
      from: { path: '^portal/src/lib/(ui|text|format)/' },
      to: { path: '^portal/src/lib/server/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'portal-calls-in-one-folder',
      comment: 'Shapes of the API are known in hub/ only.',
      severity: 'error',
      from: { path: '^portal/src/', pathNot: '^portal/src/lib/server/hub/' },
      to: { path: '^portal/src/lib/server/hub/portal' },
    },
    {
      name: 'nobody-imports-the-portal',
      comment: 'It is built, then loaded by its thread. Tests take its pure parts.',
      severity: 'error',
      from: { pathNot: '^(portal|test)/' },
      to: { path: '^portal/' },
    },
    {
      name: 'operations-import-no-test',
      severity: 'error',
      from: { path: '^(ops|bench)/' },
      to: { path: '^test/' },
    },
    {
      name: 'uwebsockets-in-one-adapter',
      comment: 'Moving to another HTTP server, or another Node, is a change of api/server only.',
      severity: 'error',
      from: { pathNot: '^api/server(\\.ts$|/)|^test/toolchain/' },
      to: { path: [npm('uWebSockets\\.js'), npm('@uwsjs')] },
    },
    {
      name: 'redis-client-in-one-folder',
      comment: 'Key names, functions and connection options live in engine/redis.',
      severity: 'error',
      from: { pathNot: '^engine/redis/' },
      to: { path: [npm('ioredis'), npm('@redis')] },
    },
    {
      name: 'sqlite-in-one-adapter',
      comment: 'node:sqlite is experimental in Node 22: another library, or another Node, is a change of one file.',
      severity: 'error',
      from: { pathNot: '^engine/sqlite\\.ts$' },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'composition-roots-only',
      comment: 'The container binds; everything else takes its parts as arguments.',
      severity: 'error',
      from: { pathNot: '^(engine|api)/container\\.ts$' },
      to: { path: [npm('tsyringe'), npm('reflect-metadata')] },
    },
    {
      name: 'product-without-development-packages',
      severity: 'error',
      from: { path: '^(engine|api)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'no-circle',
      comment: 'Circles of types alone are harmless: they vanish at run time.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What SvelteKit makes: its own modules, and the types beside each route.
    exclude: { path: '^\\$app/|\\$types|\\.svelte$|\\.css$|^portal/(build|\\.svelte-kit|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
