/** Layers: each folder may import itself, core's root files and what is listed for it, and nothing else. */
const rootOf = (folder) => `${folder}/[^/]+[.]ts$`;
const may = {
  'core/bytes': [],
  'core/bencode': ['core/bytes/'],
  'core/torrent': ['core/(bytes|bencode)/'],
  'core/wire': ['core/(bytes|bencode|torrent)/'],
  'core/tracker': ['core/(bytes|bencode|torrent)/'],
  'core/peer': ['core/(bytes|bencode|torrent|wire)/'],
  'core/swarm': ['core/(bytes|bencode|torrent|wire|tracker|peer)/'],
  'core/net': ['core/(?!exports[.]ts)'],
  'core/testing': ['core/(?!exports[.]ts)'],
  'sim/loopback': ['core/(?!exports[.]ts)', 'sim/(?!virtual/)'],
  'sim/virtual': ['core/(?!net/|exports[.]ts)', 'sim/(?!loopback/)'],
  sim: ['core/(?!net/|exports[.]ts)'],
  scenarios: [rootOf('sim'), 'sim/hostile/(catalogue|kinds)[.]ts$'],
  reports: [rootOf('sim'), 'core/torrent/ids[.]ts$'],
  scripts: ['core/', 'sim/', 'scenarios/', 'reports/'],
};

/** Where a folder ends: what is inside it but has a row of its own above obeys that row alone. */
const nested = { sim: ['sim/loopback/', 'sim/virtual/'] };

/** core/brand.ts, core/time.ts, ...: for everybody; core/exports.ts is the package's door and for nobody inside. */
const shared = '^core/(?!exports[.])[^/]+[.]ts$';
const notProduct = '[.](test|bench)[.]ts$|/testing/';

module.exports = {
  forbidden: [
    ...Object.entries(may).map(([from, to]) => ({
      name: `layer: ${from}`,
      severity: 'error',
      from: {
        path: `^${from}/`,
        pathNot: [
          '[.](test|bench)[.]ts$',
          '^(sim|scenarios|scripts)/.*testing/',
          ...(nested[from] ?? []).map((inner) => `^${inner}`),
        ],
      },
      to: {
        path: ['^(core|sim|scenarios|reports|scripts)/'],
        pathNot: [
          shared,
          nested[from]
            ? `^${from}/(?!${nested[from].map((f) => f.slice(from.length + 1)).join('|')})`
            : `^${from}/`,
          ...to.map((path) => `^${path}`),
        ],
      },
    })),
    {
      name: 'layer: core, its root files',
      severity: 'error',
      from: { path: '^core/[^/]+[.]ts$', pathNot: ['^core/exports[.]ts$', notProduct] },
      to: { path: '^(core/.+/|sim|scenarios|reports|scripts)' },
    },
    {
      name: 'layer: core/exports.ts leaves out the sockets',
      severity: 'error',
      from: { path: '^core/exports[.]ts$' },
      to: { path: '^(core/net|sim|scenarios|reports|scripts)/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'node only at the edge',
      severity: 'error',
      from: {
        path: '^(core|sim|scenarios|reports)/',
        pathNot: ['^core/net/', '^sim/loopback/', notProduct],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nobody imports a test',
      severity: 'error',
      from: { pathNot: notProduct },
      to: { path: notProduct },
    },
    {
      name: 'no dev dependency in product code',
      severity: 'error',
      from: {
        path: '^(core|sim|scenarios|reports|scripts)/',
        pathNot: [notProduct, '^scripts/dev/'],
      },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'nothing unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|^reports/runs/' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
