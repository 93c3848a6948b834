import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readShippedPolicies } from '../../inventory/policies/shipped-policies.ts';
import { busyPool } from '../../lab/faults/busy-pool.ts';
import { coreFile } from '../../lab/faults/core-file.ts';
import { crashedTable } from '../../lab/faults/crashed-table.ts';
import { cron } from '../../lab/faults/cron.ts';
import type { Fault } from '../../lab/faults/fault.ts';
import { fullOpcache } from '../../lab/faults/full-opcache.ts';
import { largeLog } from '../../lab/faults/large-log.ts';
import { maintenanceFile } from '../../lab/faults/maintenance-file.ts';
import { missedPost } from '../../lab/faults/missed-post.ts';
import { permissions } from '../../lab/faults/permissions.ts';
import { phpFpm } from '../../lab/faults/php-fpm.ts';
import { phpSocket } from '../../lab/faults/php-socket.ts';
import { plugin } from '../../lab/faults/plugin.ts';
import { slowPages } from '../../lab/faults/slow-pages.ts';
import { readAgain } from '../../lab/healing.ts';
import { waitUntil } from '../../lab/parts/wait-until.ts';
import { startLab, type Lab } from '../../lab/stack/lab.ts';
import { startMoreParts, type MoreParts } from './every-policy/more-parts.ts';
import { shortenRules, shortenedPolicies } from './every-policy/shorten.ts';
import { callsOnHost, runsOf, type ApiRun } from './lab-views.ts';

const TIMEOUT_MS = 300_000;
let parts: MoreParts;
let lab: Lab;

beforeAll(async () => {
  parts = await startMoreParts();
  const policies = await shortenedPolicies();
  lab = await startLab({
    intervalSeconds: 2,
    log: () => undefined,
    changes: {
      inventory: (content) => parts.addTo({ ...content, policies }),
      rules: shortenRules,
      sshdPrefix: parts.sshdPrefix,
    },
  });
}, TIMEOUT_MS);
afterAll(async () => {
  await (lab as Lab | undefined)?.stop();
  await (parts as MoreParts | undefined)?.stop();
}, TIMEOUT_MS);

/*
 * All of it is real, rules, verbs and parts, but for what a lab cannot have:
 *
 *   renew-certificate   the authority is a double that proves nothing; certbot, nginx and the certificate are real
 *   restart-bot         the bot is a double, for one cannot be had without an exchange; it is a process that its manager restarts
 *   free-disk           /var/cache is a file system of 64 MB in a mount namespace of the host's sshd, filled to 7 %
 *   rotate-log          the gigabyte is a hole in the file
 *   relieve-slow-site   a slow page is one of a second, since a scrape ends after two
 *   everything          what rules wait for and look back on is seconds, by shorten.ts
 */

/** What each policy is broken for, in an order in which none hides another; together is what touches nothing of each other's. */
const together: readonly Fault[] = [
  permissions,
  cron,
  missedPost,
  largeLog,
  crashedTable,
  coreFile,
  fullOpcache,
];
/** The site fails with these, or what another needs. Where PHP-FPM is killed, the policy for its socket may act, too, and has its cooldown then. */
const inTurn: readonly Fault[] = [maintenanceFile, phpSocket, phpFpm, plugin, busyPool, slowPages];
/** What is broken beside the site, and what a host that was never drilled asks for. */
const beside = ['restart-bot', 'free-disk', 'renew-certificate', 'drill'];

/** The verb that the host's own log must have, where the action has one of that policy alone. */
const VERBS: Readonly<Record<string, string>> = {
  'fix-permissions': 'site-fix-permissions',
  'restart-service': 'service-restart',
  'run-cron': 'site-run-cron',
  'publish-missed': 'site-publish-missed',
  'remove-maintenance-file': 'site-remove-maintenance',
  'deactivate-plugin': 'site-deactivate-plugin',
  'repair-tables': 'site-repair-tables',
  'reset-opcache': 'site-reset-opcache',
  'restore-core-files': 'site-restore-core',
  'rotate-log': 'site-rotate-log',
  'free-disk': 'host-free-disk',
  'renew-certificate': 'site-renew-certificate',
  'restart-php-fpm': 'site-restart-php-fpm',
  'relieve-php-fpm': 'site-restart-php-fpm',
  'relieve-slow-site': 'site-clear-caches',
  'restart-bot': 'service-restart',
  drill: 'host-drill',
};

const runsFor = async (policy: string) => (await runsOf(lab)).filter((run) => run.policy === policy);

/** Waits until a policy has a run that was verified, since the fault: what was healed before may have needed that policy, too. */
async function untilHealed(policy: string, sinceMs: number): Promise<ApiRun> {
  let runs: readonly ApiRun[] = [];
  const run = await waitUntil(
    async () => {
      runs = await runsFor(policy);
      return runs.find(
        ({ outcome, createdAt }) => outcome === 'verified' && Date.parse(createdAt) >= sinceMs,
      );
    },
    {
      what: `${policy} to heal`,
      timeoutMs: 120_000,
      intervalMs: 200,
      explain: () => inspect(runs, { depth: 5 }),
    },
  );
  expect(run.events.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['corroborated', 'guarded', 'acting', 'acted', 'verified']),
  );
  expect(await callsOnHost(lab, VERBS[policy] ?? '')).toBeGreaterThan(0);
  return run;
}

/** Waits until the alerts that a policy has answered have ended: a fault before may have had it heal, and what breaks meanwhile joins that run. */
async function untilOver(policy: string): Promise<void> {
  const isOver = ({ state, alertStatus }: ApiRun) => state === 'closed' && alertStatus === 'resolved';
  await waitUntil(async () => (await runsFor(policy)).every(isOver), {
    what: `the alerts of ${policy} to end`,
    timeoutMs: 60_000,
    intervalMs: 200,
  });
}

async function inject(fault: Fault, ended?: AbortSignal): Promise<void> {
  await fault.inject(lab.site, ended);
  if (fault.collector !== undefined) await readAgain(lab, fault.instance, fault.collector);
}

test('every shipped policy is tried here', async () => {
  const tried = [...together, ...inTurn].map(({ policy }) => policy).concat(beside);
  const shipped = (await readShippedPolicies()).map(({ name }) => String(name));
  expect(tried.toSorted()).toEqual(shipped.toSorted());
  expect(Object.keys(VERBS).toSorted()).toEqual(shipped.toSorted());
});

test(
  'what breaks together on one host is healed one after the other, by its own policy, and proved',
  async () => {
    for (const fault of together) await inject(fault);
    await parts.stallBot();
    await parts.fillCache();
    await parts.openShop(lab);
    const policies = [...together.map(({ policy }) => policy), ...beside];
    const healed = await Promise.all(policies.map((policy) => untilHealed(policy, 0)));
    expect(healed.map(({ policy }) => policy)).toEqual(policies);
  },
  TIMEOUT_MS,
);

test.each(inTurn)(
  '$policy heals where $description',
  async (fault) => {
    const ended = new AbortController();
    await untilOver(fault.policy);
    const sinceMs = Date.now();
    try {
      await inject(fault, ended.signal);
      await untilHealed(fault.policy, sinceMs);
    } finally {
      ended.abort();
    }
    const answers = async () => (await fetch(lab.site.url)).status;
    const isUp = async () => (await answers()) === 200;
    await waitUntil(isUp, { what: 'the site to answer', timeoutMs: 10_000 });
    expect(await answers()).toBe(200);
  },
  TIMEOUT_MS,
);
