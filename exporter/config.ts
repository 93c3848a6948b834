import { parseArgs } from 'node:util';

/** What the command line says. */
export interface CommandLine {
  readonly configFile: string;
  readonly isHelp: boolean;
}

/** How the exporter is called. */
export const usage = `Usage: node exporter/main.ts [--config steward.yml]

Publishes the state of what steward.yml names, for Prometheus. SIGHUP reads steward.yml again.`;

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
