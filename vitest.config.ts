import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,sim,scenarios,reports,scripts}/**/*.test.ts'],
    benchmark: { include: ['{core,sim,scenarios,reports,scripts}/**/*.bench.ts'] },
    // A busy machine is no failure; what must be fast has a bound of its own.
    testTimeout: 30_000,
    globalSetup: ['core/testing/global-setup.ts'],
    setupFiles: ['core/testing/fast-check-setup.ts'],
    coverage: { include: ['{core,sim,scenarios,reports,scripts}/**/*.ts'] },
  },
});
