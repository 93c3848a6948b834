import { sendFault } from './control-socket.ts';
import { parseDemoOptions, usage, UsageError, type DemoOptions } from './demo-options.ts';
import { createDemoOutput, healingJson, type DemoOutput } from './demo-output.ts';
import { faults } from './faults/faults.ts';
import type { Fault } from './faults/fault.ts';
import { breakAndFollow, type Healing } from './healing.ts';
import { interact } from './interact.ts';
import { startLab, type Lab } from './stack/lab.ts';

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
    const { intervalSeconds } = options;
    const acting = [...faults.values()].map(({ policy }) => policy);
    const lab = await startLab({ intervalSeconds, acting, log: output.line, signal });
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
  await interact({
    controlSocket: lab.controlSocket,
    line: output.line,
    onFault: (fault, ended) => show(lab, fault, output, ended),
    signal,
  });
  return 0;
}

async function show(lab: Lab, fault: Fault, output: DemoOutput, signal: AbortSignal): Promise<Healing> {
  output.broken(fault.description);
  const healing = await breakAndFollow(lab, fault, output.phase, { signal });
  output.healing(healing);
  return healing;
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
