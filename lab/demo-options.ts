import { parseArgs } from 'node:util';
import { faults } from './faults/faults.ts';
import type { Fault } from './faults/fault.ts';

/** What the demo is asked to do. */
export interface DemoOptions {
  /** Break this once, and end. */
  readonly once: Fault | undefined;
  /** Break this in the demo that is running already. */
  readonly breakRunning: Fault | undefined;
  readonly isJson: boolean;
  readonly intervalSeconds: number;
  readonly isHelp: boolean;
}

const names = [...faults.keys()].join(' | ');

/** How the demo is called. */
export const usage = `Usage: npm run demo -- [options]

Sets up a real WordPress site on loopback, starts the whole loop against it, breaks it, and shows how it is healed.

  --once <fault>       break the site once, and end; exit code 0 only when it was healed
  --break <fault>      break the site of the demo that is running in another terminal
  --json               with --once: print the times as JSON, and nothing else, on standard output
  --interval <time>    how often Prometheus scrapes and evaluates: 1s, 5s or 15s (5s)
  --yes                install what is missing without asking
  --help               show this

The faults: ${names}`;

/** A call that is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line. Throws a UsageError where it is wrong. */
export function parseDemoOptions(args: readonly string[]): DemoOptions {
  const values = parseValues(args);
  const intervalSeconds = { '1s': 1, '5s': 5, '15s': 15 }[values.interval];
  if (intervalSeconds === undefined) throw new UsageError('--interval takes 1s, 5s or 15s');
  if (values.json && values.once === undefined) throw new UsageError('--json goes with --once');
  return {
    once: faultNamed(values.once),
    breakRunning: faultNamed(values.break),
    isJson: values.json,
    intervalSeconds,
    isHelp: values.help,
  };
}

function parseValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'string' },
        break: { type: 'string' },
        json: { type: 'boolean', default: false },
        interval: { type: 'string', default: '5s' },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function faultNamed(name: string | undefined): Fault | undefined {
  if (name === undefined) return undefined;
  const fault = faults.get(name);
  if (fault === undefined)
    throw new UsageError(`there is no fault ${JSON.stringify(name)}; there are ${names}`);
  return fault;
}
