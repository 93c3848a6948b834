import jest from 'eslint-plugin-jest';
import jsdoc from 'eslint-plugin-jsdoc';
import n from 'eslint-plugin-n';
import tseslint from 'typescript-eslint';

const product = [
  'inventory',
  'logs',
  'hosts',
  'apis',
  'web',
  'exporter',
  'remediator',
  'cli',
  'grafana',
  'lab',
];

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'data/', 'grafana/dashboards/', '.dependency-cruiser.cjs'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { n, jsdoc },
    rules: {
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', 60],
      complexity: ['error', 15],
      'n/no-process-env': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file.' },
      ],
    },
  },
  {
    files: product.map((folder) => `${folder}/**/*.ts`),
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          contexts: ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration'],
          require: { FunctionDeclaration: true, ClassDeclaration: true },
        },
      ],
    },
  },
  { files: ['**/config.ts', 'inventory/**/*.ts'], rules: { 'n/no-process-env': 'off' } },
  { files: ['cli/**/*.ts', 'lab/**/*.ts', 'tests/bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['tests/**/*.ts'],
    plugins: { jest },
    rules: {
      'max-lines-per-function': 'off',
      'n/no-process-env': 'off',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert'] }],
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/no-identical-title': 'error',
      'jest/no-standalone-expect': 'off',
    },
  },
);
