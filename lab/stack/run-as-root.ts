import { runCommand } from '../parts/run-command.ts';

/** Runs a script as root, as an operator who pastes it would. */
export async function runAsRoot(script: string): Promise<void> {
  await runCommand(['sh'], { stdin: script });
}
