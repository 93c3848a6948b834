import { join } from 'node:path';

// Each process of Steward that the tests start reads the same hundred files: Node keeps what it made of them, by their content.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/node-compile');

/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tests/helpers/strip-types.js' },
  testEnvironment: 'node',
  testSequencer: '<rootDir>/tests/longest-first.js',
  injectGlobals: false,
  testTimeout: 30_000,
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};
