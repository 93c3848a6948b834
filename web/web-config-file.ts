import { formatProblem, type Problem } from '../inventory/problem.ts';
import { fileStamp } from './file-stamp.ts';
import { loadWebConfig } from './load-web-config.ts';
import { readSmallFile } from './read-small-file.ts';
import type { WebConfig } from './web-config.ts';

/** A web configuration that follows its files. */
export interface WebConfigFile {
  /** What the files say now; where they have become wrong, what they last said that was right. */
  current(): WebConfig;
}

/** As much of a logger as is needed here. */
export interface WebLog {
  info(message: string): void;
  error(message: string): void;
}

/** A web configuration that a process cannot start with. */
class WebConfigError extends Error {
  override readonly name = 'WebConfigError';
}

/**
 * Opens a web configuration. Throws a WebConfigError that names every problem where it is wrong. Asked later, it looks whether one
 * of its files has changed, as the exporters written in Go do, which takes some microseconds; then it reads them again.
 */
export function openWebConfig(file: string, log: WebLog): WebConfigFile {
  const stamps = new Map<string, string>();
  const load = () => {
    stamps.clear();
    return loadWebConfig(file, (path) => {
      // Before it is read, so that what changes meanwhile is read again.
      stamps.set(path, fileStamp(path));
      return readSmallFile(path);
    });
  };
  const first = load();
  if ('problems' in first) throw new WebConfigError(first.problems.map(formatProblem).join('\n'));
  let current = first.config;

  function refresh(): void {
    if ([...stamps].every(([path, stamp]) => fileStamp(path) === stamp)) return;
    const result = load();
    const problems = 'problems' in result ? result.problems : weakenings(file, current, result.config);
    for (const problem of problems) log.error(`${formatProblem(problem)}; what was read before stays`);
    if ('problems' in result || problems.length > 0) return;
    current = result.config;
    log.info(`${file} and its files were read again`);
  }

  return {
    current() {
      refresh();
      return current;
    },
  };
}

/** A file that is being written may look as if it asked for nothing; so what protects is taken away by a new start alone. */
function weakenings(file: string, before: WebConfig, after: WebConfig): Problem[] {
  const problem = (path: string, found: string): Problem => ({
    file,
    path,
    found,
    expected: 'what this process was started with; start it again for another',
  });
  if (before.tls?.clientAuth !== after.tls?.clientAuth)
    return [problem('tls_server_config', after.tls === undefined ? 'nothing' : after.tls.clientAuth)];
  return before.users !== undefined && after.users === undefined
    ? [problem('basic_auth_users', 'nothing')]
    : [];
}
