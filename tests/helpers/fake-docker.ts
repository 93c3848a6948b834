import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { composeCommand } from '../compose/compose.ts';

const script = fileURLToPath(new URL('../../cli/steward.js', import.meta.url));
/** What the command and the answers may call beside docker. */
const TOOLS = ['cat', 'git', 'sleep', 'tar'];

/** What stands for docker where an engine in some state cannot be had; it writes down how it was called. */
export interface FakeDocker {
  /** Takes away docker itself or a tool, as on a machine that has none. */
  forget(program: 'docker' | 'git'): Promise<void>;
  /**
   * What it does from now on: a pattern of `case` in sh for the words it is called with, and what it does then. What none of them meets succeeds and
   * says nothing, but for `compose config`, which is the real one.
   */
  answers(cases: Readonly<Record<string, string>>): Promise<void>;
  /** How it was called so far, a line each. */
  calls(): Promise<string[]>;
  /** Runs the real `steward` command in a folder, where this is the only docker. */
  steward(cwd: string, ...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }>;
}

/** Makes one below a folder. */
export async function makeFakeDocker(folder: string): Promise<FakeDocker> {
  const [bin, log] = [join(folder, 'bin'), join(folder, 'calls')];
  await mkdir(bin, { recursive: true });
  for (const tool of TOOLS) await symlink(join('/usr/bin', tool), join(bin, tool));
  const compose = (await composeCommand()).map((word) => `'${word}'`).join(' ');
  const realConfig = `shift; PATH='${process.env['PATH'] ?? ''}' exec ${compose} "$@"`;
  const write = (cases: Readonly<Record<string, string>>): Promise<void> => {
    const lines = Object.entries({ ...cases, "compose*' config '*": realConfig }).map(
      ([pattern, command]) => `  ${pattern}) ${command} ;;\n`,
    );
    const content = `#!/bin/sh\necho "$*" >>'${log}'\ncase "$*" in\n${lines.join('')}esac\n`;
    return writeFile(join(bin, 'docker'), content, { mode: 0o755 });
  };
  await write({});
  return {
    forget: (program) => rm(join(bin, program)),
    answers: write,
    calls: async () => (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n'),
    async steward(cwd, ...args) {
      const child = spawn(process.execPath, [script, ...args], {
        cwd,
        env: { PATH: bin },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = once(child, 'close');
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      await ended;
      return { status: child.exitCode, stdout, stderr };
    },
  };
}
