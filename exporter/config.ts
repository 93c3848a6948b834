import { parseArgs } from 'node:util';

/** What the command line says. */
export interface CommandLine {
  readonly configFile: string;
  /** TLS, users and passwords, in the format of Prometheus's exporters. */
  readonly webConfigFile: string | undefined;
  readonly isHelp: boolean;
}

/** How the exporter is called. */
export const usage = `Usage: node exporter/main.ts [--config steward.yml] [--web.config.file web.yml]

Publishes the state of what steward.yml names, for Prometheus. SIGHUP reads steward.yml again.
web.yml asks for TLS and passwords; see docs/web-config.md.`;

/** Reads the command line. Throws an Error with a plain message where it is wrong. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', default: 'steward.yml' },
      'web.config.file': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return { configFile: values.config, webConfigFile: values['web.config.file'], isHelp: values.help };
}
