import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoPackages, testPackages, unpackedPackages } from '../lab/debian-packages.js';
import { ensureNodeModules, installAll, unpackPackages } from '../lab/install.js';
import { root, runStaticChecks, runStep } from './steps.js';

// npm test: installs what the tests need, runs the static checks and the tests. The last line is the count.
try {
  const yes = process.argv.includes('--yes');
  await installAll({ packages: [...demoPackages, ...testPackages], yes, quiet: true });
  await unpackPackages(unpackedPackages);
  await ensureNodeModules();
  const counts = [await runStaticChecks(), await runTests()];
  const total = (name) => counts.reduce((sum, count) => sum + (count[name] ?? 0), 0);
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  process.exitCode = total('failed') === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'steward-test-'));
  const report = join(folder, 'report.json');
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const settings = ['--maxWorkers', '2', '--json', '--outputFile', report];
  try {
    const passed = await runStep({
      name: 'tests',
      argv: ['node', '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...settings],
    });
    return counted(report, passed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file of tests that could not be run counts as one failure, and so does a run that failed for another reason. */
function counted(report, passed) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } =
    readReport(report);
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  return {
    passed: numPassedTests,
    failed: passed ? failed : Math.max(failed, 1),
    skipped: numPendingTests + numTodoTests,
  };
}

function readReport(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return {
      numPassedTests: 0,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      numRuntimeErrorTestSuites: 1,
    };
  }
}
