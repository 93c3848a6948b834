import type { DiscoveryRecord } from './records.ts';

/** A pool of PHP-FPM, as its file says. */
export interface PhpPool {
  /** The service that runs it, such as `php8.2-fpm`. */
  readonly service: string;
  readonly user: string;
  /** The path of a socket, or an address with a port. */
  readonly listen: string;
  readonly statusPath: string | undefined;
  readonly slowLog: string | undefined;
  readonly errorLog: string | undefined;
}

/** Reads the pools of one file. `$pool` in a value stands for the pool's name. */
export function phpPools({ file, lines }: DiscoveryRecord<'configuration'>): PhpPool[] {
  const version = /^\/etc\/php\/([0-9.]{1,8})\/fpm\//.exec(file)?.[1];
  const service = version === undefined ? 'php-fpm' : `php${version}-fpm`;
  return lines.split(/^\s*(?=\[)/m).flatMap((section): PhpPool[] => {
    const name = /^\[([^\]]*)\]/.exec(section)?.[1];
    if (name === undefined || name === 'global') return [];
    const value = (key: string) => valueOf(section, key)?.replaceAll('$pool', name);
    const listen = value('listen');
    if (listen === undefined) return [];
    return [
      {
        service,
        listen: /^\d+$/.test(listen) ? `127.0.0.1:${listen}` : listen,
        user: value('user') ?? '',
        statusPath: value('pm.status_path'),
        slowLog: value('slowlog'),
        errorLog: value('php_admin_value[error_log]'),
      },
    ];
  });
}

function valueOf(section: string, key: string): string | undefined {
  for (const line of section.split('\n')) {
    const at = line.indexOf('=');
    if (at !== -1 && line.slice(0, at).trim() === key)
      return line
        .slice(at + 1)
        .trim()
        .replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}
