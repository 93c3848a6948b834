import { spawn, spawnSync } from 'node:child_process';

/** Writes a line for the person in front of the terminal. Standard output stays free for what the program is for. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Whether a program is on the path. */
export function hasProgram(name) {
  return spawnSync('sh', ['-c', 'command -v -- "$1" >/dev/null', 'sh', name]).status === 0;
}

/**
 * Runs a program to its end with this terminal, all its output on standard error. Resolves with its exit status. Ctrl-C
 * is left to the program, which puts back what it changed; then this process ends too.
 */
export async function runAttached(argv, options = {}) {
  const [program, ...args] = argv;
  let interrupted = false;
  const note = () => (interrupted = true);
  process.on('SIGINT', note);
  try {
    const child = spawn(program, args, { ...options, stdio: ['inherit', 2, 2] });
    const status = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    if (interrupted) process.exit(130);
    return status;
  } finally {
    process.off('SIGINT', note);
  }
}
