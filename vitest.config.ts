import { defineConfig } from 'vitest/config';

/** What speaks over real sockets, or starts programs, in real time: one file after the other, with nothing beside it. */
const real = [
  'core/net/**/*.test.ts',
  'sim/loopback/**/*.test.ts',
  'scenarios/{library-*-of-3,two-worlds}.test.ts',
  'scripts/**/*.test.ts',
];

export default defineConfig({
  test: {
    // A busy machine is no failure; what must be fast has a bound of its own.
    testTimeout: 120_000,
    globalSetup: ['core/testing/global-setup.ts'],
    setupFiles: ['core/testing/fast-check-setup.ts'],
    coverage: { include: ['{core,sim,scenarios,reports,scripts}/**/*.ts'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'machines',
          include: ['{core,sim,scenarios,reports}/**/*.test.ts'],
          exclude: real,
          benchmark: {
            include: ['{core,sim,scenarios,reports,scripts}/**/*.bench.ts'],
            exclude: ['core/net/**'],
          },
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'real',
          include: real,
          benchmark: { include: ['core/net/**/*.bench.ts'] },
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
