import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The checks of the source that run nothing of it. */
const staticChecks = [
  { name: 'format', argv: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', argv: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'types', argv: ['tsc', '--noEmit'] },
  { name: 'imports', argv: ['npm', 'run', '--silent', 'imports'] },
  { name: 'dead code', argv: ['knip'] },
  { name: 'generated files', argv: ['npm', 'run', '--silent', 'generate:check'] },
];

/** The Node of node_modules comes first on the path, and so do the programs there. */
const env = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
};

/** Runs a step, prints a line with its time, and what it wrote where it failed. Resolves with whether it passed. */
export async function runStep({ name, argv }) {
  const started = performance.now();
  const { passed, output } = await run(argv);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (!passed) process.stdout.write(`${output.trimEnd()}\n`);
  console.log(`${passed ? 'passed' : 'FAILED'}  ${name} (${seconds} s)`);
  return passed;
}

/** Runs all static checks at once, since each keeps one processor busy at most, and counts. */
export async function runStaticChecks() {
  const results = await Promise.all(staticChecks.map(runStep));
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

function run([program, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (text) => (output += text);
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => resolve({ passed: false, output: `${program}: ${error.message}` }));
    child.once('close', (status) => resolve({ passed: status === 0, output }));
  });
}
