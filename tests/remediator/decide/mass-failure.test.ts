import { describe, expect, test } from '@jest/globals';
import { planHash } from '../../../remediator/decide/approval.ts';
import type { Episode } from '../../../remediator/store/journal.ts';
import { makeInventory } from '../inventory.ts';
import { decideOn, forSite, MINUTE, NOW } from './decide-on.ts';

/** A policy that restarts a fixed service, which each host of the tests has. */
const restart = {
  name: 'restart-any',
  match: ['alertname="Down"'],
  action: 'service.restart',
  with: { service: 'nginx' },
  mode: 'auto',
  verify: { query: 'host_service_up{instance="$target"} == 1', within: '1m' },
};
const observed = { ...restart, name: 'observe-any', match: ['alertname="Seen"'], mode: 'observe' };

const drill = {
  ...restart,
  name: 'drill',
  match: ['alertname="StewardDrill"'],
  action: 'host.drill',
  with: {},
};

function inventoryOf(hosts: number, change: object = {}) {
  const inventory = makeInventory(change, [restart, observed, drill]);
  const { web2 } = inventory.hosts;
  if (web2 === undefined) throw new Error('the inventory of the tests has no web2');
  const services = [{ name: 'nginx', manager: 'systemd' as const }];
  const more = Array.from({ length: hosts }, (_, index) => [`w${index + 1}`, { ...web2, services }] as const);
  return { ...inventory, hosts: { ...inventory.hosts, ...Object.fromEntries(more) } };
}

function episode(instance: string, minutesAgo: number, change: Partial<Episode> = {}): Episode {
  return {
    runId: `of-${instance}`,
    labels: { alertname: 'Down', instance },
    acceptedAtMs: NOW - minutesAgo * MINUTE,
    isFiring: true,
    isClosed: false,
    ...change,
  };
}

function decidedWith(episodes: readonly Episode[], hosts = 5, change: object = {}) {
  const sorted = episodes.toSorted((one, other) => one.acceptedAtMs - other.acceptedAtMs);
  return decideOn({}, { inventory: inventoryOf(hosts, change), episodes: sorted });
}

describe('a mass failure', () => {
  test.each<[what: string, episodes: Episode[], isMass: boolean]>([
    ['nothing else', [], false],
    ['alerts of two hosts', [episode('w1', 0), episode('w2', 0)], false],
    ['alerts of three hosts', [episode('w1', 0), episode('w2', 1), episode('w3', 4)], true],
    ['three alerts of two hosts', [episode('w1', 0), episode('w2', 1), episode('w1', 2)], false],
    [
      'three hosts over more than five minutes',
      [episode('w1', 0), episode('w2', 4), episode('w3', 5)],
      false,
    ],
    [
      'three hosts an hour ago, that still fire',
      [episode('w1', 60), episode('w2', 61), episode('w3', 62)],
      true,
    ],
    [
      'three hosts an hour ago, one of which has ended',
      [episode('w1', 60), episode('w2', 61), episode('w3', 62, { isFiring: false })],
      false,
    ],
    [
      'three hosts just now, that have ended already',
      ['w1', 'w2', 'w3'].map((id) => episode(id, 1, { isFiring: false })),
      true,
    ],
    [
      'a host whose policy only observes',
      [
        episode('w1', 0),
        episode('w2', 0),
        episode('w3', 0, { labels: { alertname: 'Seen', instance: 'w3' } }),
      ],
      true,
    ],
    [
      'drills that are due on many hosts at once',
      ['w1', 'w2', 'w3', 'w4'].map((instance) =>
        episode(instance, 0, { labels: { alertname: 'StewardDrill', severity: 'drill', instance } }),
      ),
      false,
    ],
    [
      'alerts that page people, and that no policy answers',
      ['w1', 'w2', 'w3'].map((instance) =>
        episode(instance, 0, { labels: { alertname: 'X', instance, severity: 'page' } }),
      ),
      true,
    ],
    [
      'alerts of a host, of a site on another and of a bot on the first',
      ['web2', 'shop', 'trend'].map((instance) =>
        episode(instance, 0, { labels: { alertname: 'X', instance, severity: 'page' } }),
      ),
      false,
    ],
    [
      'alerts of a host, of a site on another and of a third',
      ['web2', 'shop', 'w1'].map((instance) =>
        episode(instance, 0, { labels: { alertname: 'X', instance, severity: 'critical' } }),
      ),
      true,
    ],
    [
      'an alert that no policy answers',
      [episode('w1', 0), episode('w2', 0), episode('w3', 0, { labels: { alertname: 'X', instance: 'w3' } })],
      false,
    ],
    ['an unknown host', [episode('w1', 0), episode('w2', 0), episode('elsewhere', 0)], false],
  ])('%s', (_what, episodes, isMass) => {
    expect(decidedWith(episodes)).toMatchObject(
      isMass ? { kind: 'stop', reason: 'mass_failure' } : { kind: 'act' },
    );
  });

  test('is a tenth of the hosts, where there are many', () => {
    const alerts = (count: number) =>
      Array.from({ length: count }, (_, index) => episode(`w${index + 1}`, 1));
    expect(decidedWith(alerts(10), 100)).toMatchObject({ kind: 'act' });
    expect(decidedWith(alerts(11), 100)).toMatchObject({ reason: 'mass_failure' });
  });

  test('is over where somebody said to go on after its last alert', () => {
    const at = (minutesAgo: number) => ({
      inventory: inventoryOf(5),
      episodes: ['w1', 'w2', 'w3'].map((id) => episode(id, 1)),
      resumedAtMs: NOW - minutesAgo * MINUTE,
    });
    expect(decideOn({}, at(2))).toMatchObject({ reason: 'mass_failure' });
    expect(decideOn({}, at(0.5))).toMatchObject({ kind: 'act' });
  });

  test('does not hold back who has approved a plan, and seen what else is wrong', () => {
    const approval = { kind: 'approved', planHash: planHash(forSite), untilMs: NOW + 1 } as const;
    const episodes = ['w1', 'w2', 'w3'].map((id) => episode(id, 1));
    const asked = { inventory: inventoryOf(5, { mode: 'approve' }), episodes };
    expect(decideOn({}, asked)).toMatchObject({ reason: 'mode_needs_approval' });
    expect(decideOn({}, { ...asked, approval })).toMatchObject({ kind: 'act' });
  });

  test('would hold back a policy that only observes', () => {
    const episodes = ['w1', 'w2', 'w3'].map((id) => episode(id, 1));
    expect(decideOn({}, { inventory: inventoryOf(5, { mode: 'observe' }), episodes })).toMatchObject({
      kind: 'observe',
      against: { reason: 'mass_failure' },
    });
  });
});

test('a mass failure says until when it lasts at the latest: six hours from when the hosts were last in trouble together', () => {
  const together = [episode('w1', 62), episode('w2', 61), episode('w3', 60)];
  expect(decidedWith([...together, episode('w1', 10)])).toMatchObject({
    reason: 'mass_failure',
    detail: 'until 2026-03-01T17:00:00.000Z at the latest',
  });
});
