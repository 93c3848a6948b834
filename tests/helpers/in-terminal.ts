import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the key Ctrl-C sends to a terminal. */
export const CTRL_C = '\x03';
/** What the key Ctrl-D sends to a terminal. */
export const CTRL_D = '\x04';

/** Calls `steward` in a terminal, which script(1) gives it, and types each answer once what it follows is there. */
export async function stewardInTerminal(
  folder: string,
  args: readonly string[],
  dialogue: readonly (readonly [seen: string, typed: string])[],
): Promise<{ readonly status: number | null; readonly output: string }> {
  const words = [process.execPath, join(process.cwd(), 'cli/steward.js'), ...args];
  const call = words.map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', call, '/dev/null'], { cwd: folder });
  const closed = once(child, 'close');
  const left = [...dialogue];
  let output = '';
  let read = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    for (let next = left[0]; next !== undefined; next = left[0]) {
      const at = output.indexOf(next[0], read);
      if (at === -1) return;
      read = at + next[0].length;
      child.stdin.write([CTRL_C, CTRL_D].includes(next[1]) ? next[1] : `${next[1]}\n`);
      left.shift();
    }
  });
  await closed;
  return { status: child.exitCode, output };
}
