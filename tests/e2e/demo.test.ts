import { expect, test } from '@jest/globals';
import { removeLeftovers } from '../../lab/stack/leftovers.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { processesWith } from '../helpers/processes.ts';
import { startDemo, tracesOf } from './running-demo.ts';

const TIMEOUT_MS = 180_000;

test(
  '--once --json heals, prints the times alone on standard output, and leaves nothing behind',
  async () => {
    const demo = startDemo('--once', 'permissions', '--json', '--interval', '1s');
    const lab = await demo.lab();
    expect(await tracesOf(lab)).not.toEqual([]);
    const { code, stdout } = await demo.ended;
    expect(JSON.parse(stdout)).toEqual({
      fault: 'permissions',
      healed: true,
      seconds: {
        seen: expect.any(Number),
        firing: expect.any(Number),
        started: expect.any(Number),
        fixed: expect.any(Number),
        verified: expect.any(Number),
      },
    });
    expect(code).toBe(0);
    expect(await tracesOf(lab)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'SIGTERM in the middle of the set-up ends it, and nothing is left',
  async () => {
    const demo = startDemo('--once', 'permissions', '--json');
    const lab = await demo.lab();
    demo.kill('SIGTERM');
    expect(await demo.ended).toMatchObject({ stdout: '' });
    expect(await tracesOf(lab)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'kill -9 ends the servers, too, and the next start takes the rest away',
  async () => {
    const demo = startDemo('--once', 'php-fpm', '--json');
    const lab = await demo.lab();
    await waitUntil(() => demo.said().includes('ready after'), {
      what: 'the demo to be ready',
      timeoutMs: 60_000,
    });
    process.kill(lab.state.pid, 'SIGKILL');
    expect((await demo.ended).code).not.toBe(0);
    const running = async () => (await processesWith(lab.state.folder)).length;
    await waitUntil(async () => (await running()) === 0, { what: 'the servers to end' });
    expect(await tracesOf(lab)).not.toEqual([]);
    await removeLeftovers();
    expect(await tracesOf(lab)).toEqual([]);
  },
  TIMEOUT_MS,
);

test.each([
  { args: ['--once', 'flood'], says: /no fault "flood"; there are permissions \| php-fpm/ },
  { args: ['--json'], says: /--json goes with --once/ },
  { args: ['--interval', '2s'], says: /--interval takes 1s, 5s or 15s/ },
  { args: ['--onse', 'permissions'], says: /Unknown option '--onse'/ },
])(
  'refuses $args with a plain line, and starts nothing',
  async ({ args, says }) => {
    const demo = startDemo(...args);
    expect(await demo.ended).toEqual({ code: 2, stdout: '' });
    expect(demo.said()).toMatch(says);
    expect(demo.said()).not.toMatch(/setting up/);
  },
  TIMEOUT_MS,
);
