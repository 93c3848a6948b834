import { readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { permissions } from '../../lab/faults/permissions.ts';
import { breakAndFollow } from '../../lab/healing.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startLab, type Lab } from '../../lab/stack/lab.ts';
import { callsOnHost, runsOf, seriesOf } from './lab-views.ts';

const TIMEOUT_MS = 180_000;
let lab: Lab;

/** The host shows another key from now on, to those who connect anew. */
async function changeHostKey(): Promise<void> {
  const key = join(lab.folder, 'sshd', 'host_key');
  await rename(key, `${key}.before`);
  await rename(`${key}.pub`, `${key}.before.pub`);
  await lab.restartSshd();
}

async function loginsOnHost(): Promise<number> {
  const log = await readFile(join(lab.folder, 'sshd', 'sshd.log'), 'utf8');
  return log.split('\n').filter((line) => line.startsWith('Accepted')).length;
}

async function modeOfConfig(): Promise<string> {
  return ((await stat(join(lab.site.path, 'wp-config.php'))).mode & 0o777).toString(8);
}

beforeAll(async () => {
  lab = await startLab({ intervalSeconds: 1, log: () => undefined });
  await changeHostKey();
}, TIMEOUT_MS);
afterAll(() => (lab as Lab | undefined)?.stop(), TIMEOUT_MS);

test(
  'the remediator sends nothing to a host whose key has changed, and says so',
  async () => {
    // The exporter still has the connection that it opened before, so the alert is true and comes.
    await lab.restart('remediator');
    const before = await loginsOnHost();
    const healing = await breakAndFollow(lab, permissions, () => undefined);
    expect(healing).toMatchObject({ isHealed: false, outcome: 'failed' });
    expect(healing.seconds.fixed).toBeUndefined();
    const run = (await runsOf(lab)).find(({ outcome }) => outcome === 'failed');
    const acted = run?.events.find(({ kind }) => kind === 'acted');
    expect(run?.reason).toBe('not_started');
    expect(acted?.data['reason']).toMatch(/shows the host key SHA256:.* pins SHA256:.*nothing was sent/);
    expect([await loginsOnHost(), await modeOfConfig()]).toEqual([before, '666']);
    expect(await callsOnHost(lab, 'site-fix-permissions')).toBe(0);
  },
  TIMEOUT_MS,
);

test(
  'the exporter does not log in, and the alert about the host goes out',
  async () => {
    const before = await loginsOnHost();
    await lab.restart('exporter');
    const told = [
      'host_up{instance="lab"} == 0',
      'increase(steward_collector_errors_total{reason="host_key"}[1m]) > 0',
      'ALERTS{alertname="HostDown",instance="lab",alertstate="firing"}',
    ];
    for (const query of told) {
      const isTrue = async () => (await seriesOf(lab, query)) > 0;
      await waitUntil(isTrue, { what: query, timeoutMs: 60_000 });
    }
    expect(await loginsOnHost()).toBe(before);
  },
  TIMEOUT_MS,
);
