import { chmod, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../parts/run-command.ts';
import type { Fault } from './fault.ts';

const CLIENT = fileURLToPath(new URL('../../hosts/harden/programs/php-fpm-client.php', import.meta.url));
/** How many scripts, and with how many texts: large ones first, since OPcache is full when not even small ones fit in. */
const SCRIPTS = [
  [80, 40_000],
  [80, 2000],
  [600, 20],
] as const;
const AT_ONCE = 40;
/** PHP takes no file that was changed within two seconds. */
const AGE_SECONDS = 60;

/** More than OPcache has room for. */
export const fullOpcache: Fault = {
  name: 'full-opcache',
  description: 'PHP has compiled more than OPcache has room for',
  async inject({ folder }) {
    const scripts = join(folder, 'scripts');
    await mkdir(scripts, { recursive: true });
    await chmod(scripts, 0o755);
    for (const [count, length] of SCRIPTS) {
      for (let from = 0; from < count; from += AT_ONCE) {
        const names = Array.from({ length: AT_ONCE }, (_, index) => `${length}-${from + index}`);
        for (const name of names) await writeOld(join(scripts, `${name}.php`), scriptOf(name, length));
        const all = join(scripts, `all-${length}-${from}.php`);
        await writeOld(all, `<?php ${names.map((name) => `include __DIR__ . '/${name}.php';`).join(' ')}`);
        await runCommand(['php', CLIENT, `unix://${join(folder, 'php-fpm.sock')}`, all]);
      }
    }
  },
  seenQuery: 'opcache_full{instance="blog"} == 1',
  alertname: 'OpcacheFull',
  instance: 'blog',
  policy: 'reset-opcache',
};

function scriptOf(name: string, length: number): string {
  const texts = Array.from({ length }, (_, key) => `'${name} ${key}'`);
  return `<?php return [${texts.join(',')}];`;
}

async function writeOld(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  const then = Date.now() / 1000 - AGE_SECONDS;
  await utimes(file, then, then);
}
