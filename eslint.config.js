/** Lint: the rules that earn their place, type-aware; the purity of the machines is checked here and by the layers. */
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts', '**/*.bench.ts', '**/testing/**/*.ts'];

/** Same run, same seed, same result: what reads the machine's clock or chance lives in core/net and sim/loopback. */
const impureGlobals = [
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'crypto',
  'fetch',
  'process',
  'console',
  'Buffer',
].map((name) => ({ name, message: 'Time, chance and I/O come in as arguments here.' }));

const noRandom = [
  'error',
  { object: 'Math', property: 'random', message: 'Draw from a Random (core/random.ts).' },
];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Name what you export.',
};

const noPromises = [
  ':function[async=true]',
  'AwaitExpression',
  'ForOfStatement[await=true]',
  "Identifier[name='Promise']",
].map((selector) => ({ selector, message: 'Promises stop at the door of the machines.' }));

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'output/', 'reports/runs/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base, tseslint.configs.eslintRecommended],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'no-undef': 'off', // The compiler knows better.
      'no-unused-vars': 'off', // noUnusedLocals and noUnusedParameters.
      'no-redeclare': 'off', // A brand and its constructor share one name.
      'no-control-regex': 'off', // Control characters are what some of our patterns are for.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-shadow': ['error', { ignoreTypeValueShadow: true }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: false, skipComments: false }],
      'max-params': ['error', { max: 4 }],
      'max-depth': ['error', { max: 3 }],
      // A switch counts once: a dispatch with a line per message is the easiest code there is.
      complexity: ['error', { max: 12, variant: 'modified' }],
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    files: ['sim/**/*.ts', 'scenarios/**/*.ts', 'reports/**/*.ts'],
    ignores: [...tests, 'sim/loopback/**'],
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-properties': noRandom,
    },
  },
  {
    files: ['core/**/*.ts', 'sim/virtual/**/*.ts', 'sim/hostile/**/*.ts'],
    // The door of the virtual world speaks as the runner does.
    ignores: [...tests, 'core/net/**', 'sim/virtual/virtual-world.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impureGlobals],
      'no-restricted-properties': noRandom,
      'no-restricted-syntax': ['error', noDefaultExport, ...noPromises],
    },
  },
  {
    files: tests,
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  {
    files: ['*.config.ts', '**/testing/global-setup.ts'],
    rules: { 'no-restricted-syntax': 'off' }, // These tools demand a default export.
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { globals: { module: 'writable' } },
  },
);
