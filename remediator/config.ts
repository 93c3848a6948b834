import { parseArgs } from 'node:util';

/** What the command line says. */
export interface CommandLine {
  readonly configFile: string;
  readonly isHelp: boolean;
}

/** How the remediator is called. */
export const usage = `Usage: node remediator/main.ts [--config steward.yml]

Receives Alertmanager's webhooks, fixes over SSH what policies allow, and proves it. SIGHUP reads steward.yml again.`;

/** Reads the command line. Throws an Error with a plain message where it is wrong. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'steward.yml' },
      help: { type: 'boolean', default: false },
    },
  });
  return { configFile: values.config, isHelp: values.help };
}
