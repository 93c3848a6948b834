/** What the environment says of how a job reports, on hosts that have no steward.yml. */
export interface ReportingEnvironment {
  /** STEWARD_URL: where the exporter is reached. */
  readonly url: string | undefined;
  /** STEWARD_TOKEN: the token of /ping. */
  readonly token: string | undefined;
}

/** Reads it. */
export function reportingEnvironment(): ReportingEnvironment {
  return { url: process.env['STEWARD_URL'], token: process.env['STEWARD_TOKEN'] };
}

/** The environment of a command that Steward runs: its own, without the token. */
export function commandEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, STEWARD_TOKEN: undefined };
}

/** SSH_AUTH_SOCK: the socket of an ssh-agent. */
export function agentSocket(): string | undefined {
  const socket = process.env['SSH_AUTH_SOCK'];
  return socket === '' ? undefined : socket;
}
