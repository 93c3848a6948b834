import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runStep } from './steps.js';

/** Runs the tests whose path has one of these texts in it, all without one, and counts. */
export async function runTests(paths = []) {
  const folder = mkdtempSync(join(tmpdir(), 'steward-test-'));
  const report = join(folder, 'report.json');
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const settings = ['--maxWorkers', '3', '--json', '--outputFile', report, ...paths];
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
  const { testResults, ...counts } = readReport(report);
  for (const name of skippedTests(testResults)) console.log(`skipped  ${name}`);
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  return {
    passed: counts.numPassedTests,
    failed: passed ? failed : Math.max(failed, 1),
    skipped: counts.numPendingTests + counts.numTodoTests,
  };
}

/** The name of a test that is skipped says why. */
function skippedTests(files) {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  return tests.filter(({ status }) => status === 'pending').map(({ fullName }) => fullName);
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
      testResults: [],
    };
  }
}
