import { afterEach, expect, test } from '@jest/globals';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startDemo, startDemoInTerminal, tracesOf, type RunningDemo } from './running-demo.ts';

const TIMEOUT_MS = 180_000;
let demo: RunningDemo | undefined;

afterEach(async () => {
  demo?.kill('SIGTERM');
  await demo?.ended;
}, TIMEOUT_MS);

function untilSaid(running: RunningDemo, line: string): Promise<true> {
  return waitUntil(() => running.said().includes(line), {
    what: `the demo to say "${line}"`,
    timeoutMs: 90_000,
    explain: () => running.said(),
  });
}

test(
  'in a terminal, a key and a second command break the site, each healing is shown, and q ends it',
  async () => {
    demo = startDemoInTerminal('--interval', '1s');
    const lab = await demo.lab();
    await untilSaid(demo, 'q: end');
    expect(demo.said()).toMatch(/Prometheus +http:\/\/127\.0\.0\.1:\d+ +user steward, password \S+/);
    demo.press('p');
    await untilSaid(demo, 'healed: permissions');
    const second = await startDemo('--break', 'php-fpm').ended;
    expect(second).toEqual({ code: 0, stdout: expect.stringContaining('php-fpm: broken') });
    await untilSaid(demo, 'healed: php-fpm');
    demo.press('q');
    expect((await demo.ended).code).toBe(0);
    expect(await tracesOf(lab)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'the second command says how to start a demo where none is running',
  async () => {
    const second = startDemo('--break', 'permissions');
    expect((await second.ended).code).toBe(1);
    expect(second.said()).toMatch(/no demo is running here; start one with: npm run demo/);
  },
  TIMEOUT_MS,
);
