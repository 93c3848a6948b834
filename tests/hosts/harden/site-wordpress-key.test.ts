import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dispatcherPath } from '../../../hosts/call-verb.ts';
import { quoteWord } from '../../../hosts/quote.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { startProbedWordPress, type Answer, type ProbedWordPress } from '../../helpers/probed-wordpress.ts';

let wordpress: ProbedWordPress;

beforeAll(async () => {
  wordpress = await startProbedWordPress();
}, 90_000);
afterAll(() => wordpress.stop(), 60_000);

describe('what site-wordpress runs', () => {
  test('is no more than the owner of the site, can become nobody else, and sees nothing of root’s environment', async () => {
    const line = `file_put_contents('/tmp/steward-probe-${process.pid}', json_encode([posix_geteuid(), posix_getgid(), getenv(),
      preg_match('/NoNewPrivs:\\s1/', file_get_contents('/proc/self/status'))]));`;
    await wordpress.askWhile({ config: (text) => text.replace('<?php', () => `<?php ${line}`) });
    const { stdout } = await runCommand(['cat', `/tmp/steward-probe-${process.pid}`]);
    await rm(`/tmp/steward-probe-${process.pid}`);
    const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    expect(JSON.parse(stdout)).toEqual([33, 33, { PATH: path }, 1]);
  });

  test.each([
    ['words after the slot', 'site-wordpress blog -r'],
    ['an option in place of the slot', 'site-wordpress -r'],
    ['code in place of the slot', `site-wordpress blog;php`],
    ['no slot', 'site-wordpress'],
    ['a site of another host', 'site-wordpress other'],
    ['php itself', 'php -r phpinfo'],
  ])('is never chosen by the key: %s is refused', async (_what, line) => {
    const { stdout, code } = await ssh(line, '<?php echo "owned";');
    expect(stdout).toBe('');
    expect(code).toBe(77);
  });

  test('is not what the key sends on standard input', async () => {
    const { stdout, code } = await ssh('site-wordpress blog', '<?php echo "owned";');
    expect(stdout).toContain('=== steward-wordpress-probe');
    expect(stdout).not.toContain('owned');
    expect(code).toBe(0);
  });

  test('is said where there is no PHP', async () => {
    // The dispatcher as it is, but for the folders in which it looks for programs.
    const folder = join(dirname(dirname(wordpress.site.path)), 'programs');
    await mkdir(folder);
    await runCommand(['sh', '-c', `ln -s /usr/bin/sh /usr/bin/date ${quoteWord(folder)}`]);
    const { stdout } = await runCommand([
      'sh',
      '-c',
      `sed 's|^PATH=.*|PATH=${folder}|' ${dispatcherPath(wordpress.hardened.user)} | sh -s read site-wordpress blog`,
    ]);
    const answer = JSON.parse(stdout.split('\n=== steward-wordpress-probe\n')[1] ?? '') as Answer;
    expect(answer).toMatchObject({ version: 1, parts: {} });
    expect(answer.errors[0]?.message).toContain('there is no php');
  });

  /** Sends a line as somebody with the reading key could, by the real ssh. */
  async function ssh(line: string, stdin: string): Promise<{ stdout: string; code: number }> {
    const { user, sshd, keyFiles } = wordpress.hardened;
    const options = [
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'LogLevel=ERROR',
    ];
    const argv = [
      'ssh',
      '-i',
      keyFiles.read,
      '-p',
      String(sshd.port),
      ...options,
      '--',
      `${user}@127.0.0.1`,
      line,
    ];
    const script = `${argv.map(quoteWord).join(' ')}; printf '\nexit %s' "$?"`;
    const { stdout } = await runCommand(['sh', '-c', script], { stdin });
    const [printed = '', code = ''] = stdout.split('\nexit ');
    return { stdout: printed, code: Number(code) };
  }
});
