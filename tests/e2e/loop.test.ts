import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { permissions } from '../../lab/faults/permissions.ts';
import { phpFpm } from '../../lab/faults/php-fpm.ts';
import { breakAndFollow } from '../../lab/healing.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startLab, type Lab } from '../../lab/stack/lab.ts';
import { basic } from '../../lab/stack/servers.ts';

const LAB_TIMEOUT_MS = 180_000;
let lab: Lab;

beforeAll(async () => {
  lab = await startLab({ intervalSeconds: 1, log: () => undefined });
}, LAB_TIMEOUT_MS);
afterAll(() => lab.stop(), LAB_TIMEOUT_MS);

interface ApiRun {
  readonly id: string;
  readonly alertname: string;
  readonly instance: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly events: readonly { readonly kind: string }[];
}

async function runs(): Promise<readonly ApiRun[]> {
  const response = await fetch(`http://127.0.0.1:${lab.ports.remediator}/api/runs`, {
    headers: { authorization: basic(lab.secrets.remediator_password) },
  });
  return ((await response.json()) as { runs: ApiRun[] }).runs;
}

/** How often the dispatcher was told to do something, as the host's own log says. */
async function callsOnHost(verb: string): Promise<number> {
  const log = await readFile(`/var/log/${lab.user}-dispatch.log`, 'utf8').catch(() => '');
  return log.split('\n').filter((line) => line.includes(` act ${verb} `)).length;
}

async function postAlert(labels: Record<string, string>): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${lab.ports.alertmanager}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: basic(lab.secrets.alertmanager_password) },
    body: JSON.stringify([{ labels }]),
  });
  expect(response.status).toBe(200);
}

describe('the loop on a real site', () => {
  test(
    'does not believe an alert that somebody posted to Alertmanager by hand',
    async () => {
      const before = await callsOnHost('site-fix-permissions');
      await postAlert({
        alertname: 'WordPressPermissionsDrifted',
        instance: 'blog',
        host: 'lab',
        job: 'site',
        forged: 'yes',
      });
      const run = await waitUntil(
        async () =>
          (await runs()).find(
            ({ alertname, reason }) => alertname === 'WordPressPermissionsDrifted' && reason !== 'verified',
          ),
        { what: 'the forged alert to be recorded' },
      );
      await waitUntil(async () => (await runs()).find(({ id, reason }) => id === run.id && reason !== null), {
        what: 'a reason',
      });
      const settled = (await runs()).find(({ id }) => id === run.id);
      expect(settled).toMatchObject({ outcome: 'blocked', reason: 'not_corroborated' });
      expect(await callsOnHost('site-fix-permissions')).toBe(before);
    },
    LAB_TIMEOUT_MS,
  );

  test(
    'heals permissions that drifted, and proves it',
    async () => {
      const healing = await breakAndFollow(lab, permissions, () => undefined);
      expect(healing).toMatchObject({ isHealed: true, outcome: 'verified' });
      const { mode } = await stat(join(lab.site.path, 'wp-config.php'));
      expect((mode & 0o7777).toString(8)).toBe('640');
      const kinds = (await runs())[0]?.events.map(({ kind }) => kind);
      expect(kinds).toEqual([
        'received',
        'matched',
        'locked',
        'corroborated',
        'guarded',
        'acting',
        'acted',
        'verifying',
        'verified',
        'finished',
      ]);
    },
    LAB_TIMEOUT_MS,
  );

  test(
    'restarts a PHP-FPM that was killed, and the site answers again',
    async () => {
      const healing = await breakAndFollow(lab, phpFpm, () => undefined);
      expect(healing).toMatchObject({ isHealed: true, outcome: 'verified' });
      expect((await fetch(lab.site.url)).status).toBe(200);
    },
    LAB_TIMEOUT_MS,
  );

  test(
    'survives a kill -9 between the fix and its proof: the fix is not sent again, and the run is settled',
    async () => {
      const before = await callsOnHost('service-restart');
      const known = new Set((await runs()).map(({ id }) => id));
      // The last restart's cooldown must be over: the interval of the lab makes it ten seconds.
      await waitUntil(async () => cooldownIsOver(await runs()), {
        what: 'the cooldown to end',
        timeoutMs: 30_000,
      });
      await phpFpm.inject(lab.site);
      const acting = await waitUntil(
        async () =>
          (await runs()).find(
            ({ id, events }) => !known.has(id) && events.some(({ kind }) => kind === 'acted'),
          ),
        { what: 'the fix to be done', timeoutMs: 60_000, intervalMs: 20 },
      );
      lab.processes.remediator.kill('SIGKILL');
      await lab.processes.remediator.ended;
      await lab.restart('remediator');
      const closed = await waitUntil(
        async () => (await runs()).find(({ id, state }) => id === acting.id && state === 'closed'),
        { what: 'the run to be settled', timeoutMs: 60_000 },
      );
      expect(closed.outcome).toBe('verified');
      expect(closed.events.map(({ kind }) => kind)).toContain('settling');
      expect(await callsOnHost('service-restart')).toBe(before + 1);
    },
    LAB_TIMEOUT_MS,
  );
});

function cooldownIsOver(all: readonly ApiRun[]): boolean {
  const times = all.flatMap(({ events }) =>
    (events as readonly { kind: string; at: string }[])
      .filter(({ kind }) => kind === 'acting')
      .map(({ at }) => Date.parse(at)),
  );
  return Date.now() - Math.max(0, ...times) > 10_000;
}
