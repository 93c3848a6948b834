import { createInterface, emitKeypressEvents } from 'node:readline';
import { listenForFaults, sendFault } from './control-socket.ts';
import { parseDemoOptions, usage, UsageError, type DemoOptions } from './demo-options.ts';
import { createDemoOutput, healingJson, type DemoOutput } from './demo-output.ts';
import { faults } from './faults/faults.ts';
import type { Fault } from './faults/fault.ts';
import { breakAndFollow, type Healing } from './healing.ts';
import { startLab, type Lab } from './stack/lab.ts';

const KEYS: Readonly<Record<string, string>> = { p: 'permissions', f: 'php-fpm' };

async function main(args: readonly string[]): Promise<number> {
  const options = parseDemoOptions(args);
  if (options.isHelp) {
    console.log(usage);
    return 0;
  }
  if (options.breakRunning !== undefined) {
    await sendFault(options.breakRunning.name);
    console.log(`${options.breakRunning.name}: broken; the demo's own terminal shows the rest`);
    return 0;
  }
  return runDemo(options);
}

async function runDemo(options: DemoOptions): Promise<number> {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => abort.abort(new Error(`ended by ${signal}`)));
  }
  const output = createDemoOutput(options.isJson ? process.stderr : process.stdout);
  const { signal } = abort;
  try {
    const start = performance.now();
    const lab = await startLab({ intervalSeconds: options.intervalSeconds, log: output.line, signal });
    try {
      output.line(`ready after ${((performance.now() - start) / 1000).toFixed(1)} s`);
      return await play(lab, options, output, signal);
    } finally {
      output.line('stopping everything');
      await lab.stop();
    }
  } catch (error) {
    // Ctrl-C in a terminal reaches the servers, too, so that what fails then says nothing.
    if (!signal.aborted) throw error;
    return 130;
  }
}

async function play(
  lab: Lab,
  options: DemoOptions,
  output: DemoOutput,
  signal: AbortSignal,
): Promise<number> {
  if (options.once !== undefined) {
    const healing = await show(lab, options.once, output, signal);
    if (options.isJson) console.log(healingJson(healing));
    return healing.isHealed ? 0 : 1;
  }
  output.addresses(lab);
  if (!process.stdin.isTTY) {
    const healings: Healing[] = [];
    for (const fault of faults.values()) healings.push(await show(lab, fault, output, signal));
    return healings.every(({ isHealed }) => isHealed) ? 0 : 1;
  }
  await interact(lab, output, signal);
  return 0;
}

async function show(lab: Lab, fault: Fault, output: DemoOutput, signal: AbortSignal): Promise<Healing> {
  output.broken(fault.description);
  const healing = await breakAndFollow(lab, fault, output.phase, { signal });
  output.healing(healing);
  return healing;
}

/** Takes keys, and the faults that another command sends, one after the other, until `q` or Ctrl-C. */
async function interact(lab: Lab, output: DemoOutput, signal: AbortSignal): Promise<void> {
  let queue: Promise<unknown> = Promise.resolve();
  const ended = Promise.withResolvers<undefined>();
  signal.addEventListener('abort', () => ended.resolve(undefined));
  const enqueue = (name: string) => {
    const fault = faults.get(name);
    if (fault !== undefined)
      queue = queue.then(() => show(lab, fault, output, signal)).then(prompt, ended.reject);
  };
  const prompt = () => output.line('\n  p: break permissions   f: kill PHP-FPM   q: end');
  const server = await listenForFaults(lab.controlSocket, enqueue);
  const keyboard = createInterface({ input: process.stdin });
  emitKeypressEvents(process.stdin);
  process.stdin.setRawMode(true);
  process.stdin.on('keypress', (_text: string, key: { name?: string; ctrl?: boolean }) => {
    if (key.name === 'q' || (key.ctrl === true && key.name === 'c')) ended.resolve(undefined);
    const fault = KEYS[key.name ?? ''];
    if (fault !== undefined) enqueue(fault);
  });
  prompt();
  try {
    await ended.promise;
  } finally {
    process.stdin.setRawMode(false);
    keyboard.close();
    process.stdin.pause();
    server.close();
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
