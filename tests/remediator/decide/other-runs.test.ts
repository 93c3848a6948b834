import { describe, expect, test } from '@jest/globals';
import { inventorySchema } from '../../../inventory/schema/inventory.ts';
import { actionsOf } from '../../../remediator/actions.ts';
import type { Alert } from '../../../remediator/alerts/alert.ts';
import type { PastAction } from '../../../remediator/store/journal.ts';
import { makeAlert } from '../alerts.ts';
import { makeInventory } from '../inventory.ts';
import { acted, decideOn, MINUTE, NOW } from './decide-on.ts';

describe('an alert that leads to what another run does already', () => {
  const other = { policy: 'other' };
  const cameAt = (minutesAgo: number, history: PastAction[], inventory = makeInventory()) =>
    decideOn({}, { run: { id: 'this', acceptedAtMs: NOW - minutesAgo * MINUTE }, history, inventory });

  test.each<[what: string, past: PastAction, isJoined: boolean]>([
    ['joins it while it is under way', acted(5, other, { outcome: undefined }), true],
    ['joins it where it was started after the alert came', acted(1, other), true],
    ['does not join what was started before', acted(3, other), false],
    ['does not join another action', acted(1, { ...other, action: 'wordpress.run-cron' }), false],
    ['does not join what was for another site', acted(1, { ...other, target: 'shop' }), false],
    ['does not join what was on another host', acted(1, { ...other, host: 'web2' }), false],
    ['does not join other parameters', acted(1, { ...other, parameters: { a: '1' } }), false],
    ['does not join itself', acted(1, other, { runId: 'this' }), false],
  ])('%s', (_what, past, isJoined) => {
    expect(cameAt(2, [{ ...past, fingerprint: 'b2' }])).toMatchObject(
      isJoined ? { kind: 'stop', reason: 'joined', detail: 'other' } : { kind: 'act' },
    );
  });

  test('goes its own way once the cooldown is over', () => {
    const ofAnother = { fingerprint: 'b2' };
    expect(cameAt(60, [acted(15, other, ofAnother)])).toMatchObject({ kind: 'act' });
    expect(cameAt(60, [acted(14, other, ofAnother)])).toMatchObject({ reason: 'joined' });
  });

  test('does not join an earlier run of its own', () => {
    expect(cameAt(60, [acted(14, other)])).toMatchObject({ kind: 'act' });
  });
});

describe('two sites on one php-fpm', () => {
  const restarted = { policy: 'fix', action: 'php.restart-fpm', target: 'shop' };
  /** Decides about the blog, with the services of both sites. */
  function decidedFor(blog: string[], shop: string[], past: PastAction, policy: object = {}) {
    const inventory = makeInventory({ action: 'php.restart-fpm', limit: '2 per 1h', ...policy });
    const { blog: one, shop: other } = inventory.sites;
    if (one === undefined || other === undefined) throw new Error('the inventory of the tests has changed');
    const sites = { blog: { ...one, services: blog }, shop: { ...other, services: shop } };
    const run = { id: 'this', acceptedAtMs: NOW - 2 * MINUTE };
    return decideOn({}, { inventory: { ...inventory, sites }, history: [past], run });
  }
  const php = ['php8.2-fpm', 'nginx'];
  const ofShop = (minutesAgo: number, change: Partial<PastAction> = {}, plan: object = {}) =>
    acted(minutesAgo, { ...restarted, ...plan }, { fingerprint: 'b2', ...change });

  test.each<[what: string, past: PastAction, reason: string]>([
    ['are one restart while it is under way', ofShop(5, { outcome: undefined }), 'joined'],
    ['are one restart where it was begun after the alert came', ofShop(1), 'joined'],
    ['share the cooldown', ofShop(10), 'cooldown'],
    ['are one restart under another policy, too', ofShop(1, {}, { policy: 'other' }), 'joined'],
  ])('%s', (_what, past, reason) => {
    expect(decidedFor(php, php, past)).toMatchObject({ kind: 'stop', reason });
  });

  test('share the limit and the breaker', () => {
    const once = { limit: '1 per 1h', cooldown: '1m' };
    expect(decidedFor(php, php, ofShop(30), once)).toMatchObject({ reason: 'limit' });
    const failure = ofShop(30, { outcome: 'failed', reason: 'not_verified' });
    expect(decidedFor(php, php, failure, { breaker: '1 per 1h' })).toMatchObject({ reason: 'breaker_open' });
  });

  test.each<[what: string, blog: string[], shop: string[], plan: object]>([
    ['on two', php, ['php8.3-fpm'], {}],
    ['of several each', ['php8.2-fpm', 'php8.3-fpm'], ['php8.2-fpm', 'php8.3-fpm'], {}],
    ['of none', ['nginx'], ['nginx'], {}],
    ['on two hosts', php, php, { host: 'web2' }],
    ['of which one had its caches emptied', php, php, { action: 'wordpress.clear-caches' }],
  ])('but not two sites %s', (_what, blog, shop, plan) => {
    expect(decidedFor(blog, shop, ofShop(1, {}, plan))).toMatchObject({ kind: 'act' });
  });
});

describe('a policy that comes after another', () => {
  const before = {
    name: 'database',
    match: ['alertname="DatabaseDown"'],
    action: 'service.restart',
    with: { service: 'nginx' },
    mode: 'approve',
    verify: { query: 'up{instance="$target"} == 1', within: '1m' },
  };
  const database = makeAlert({ alertname: 'DatabaseDown', instance: 'web1' });
  const decidedWith = (alert: Partial<Alert>, change: object = {}) =>
    decideOn(
      {},
      {
        inventory: makeInventory({ after: ['database'] }, [{ ...before, ...change }]),
        openRuns: [{ id: 'of-database', alert: { ...database, ...alert } }],
      },
    );

  test('waits for it on the same host', () => {
    expect(decidedWith({})).toMatchObject({ kind: 'stop', reason: 'waits_for_policy', detail: 'database' });
  });

  test.each<[what: string, alert: Partial<Alert>, change: object]>([
    ['whose alert has ended', { status: 'resolved' }, {}],
    [
      'on another host',
      { labels: { alertname: 'DatabaseDown', instance: 'web2' } },
      { with: { service: 'redis' } },
    ],
    ['that only observes', {}, { mode: 'observe' }],
    ['that has another alert', { labels: { alertname: 'Other', instance: 'web1' } }, {}],
  ])('does not wait for one %s', (_what, alert, change) => {
    expect(decidedWith(alert, change)).toMatchObject({ kind: 'act' });
  });
});

describe('what would hit a part of Steward', () => {
  const restart = {
    match: ['alertname="Drift"'],
    action: 'service.restart',
    verify: { query: 'up == 1', within: '5s' },
  };

  test.each<[service: string, isOwn: boolean]>([
    ['steward', true],
    ['steward-exporter', true],
    ['steward_remediator_1', true],
    ['steward-remediator.service', true],
    ['prometheus', true],
    ['prometheus-alertmanager.service', true],
    ['alertmanager', true],
    ['prometheus-node-exporter', false],
    ['stewardship', false],
    ['my-steward', false],
  ])('%s', (service, isOwn) => {
    const inventory = makeInventory({ ...restart, with: { service } });
    const { web1 } = inventory.hosts;
    if (web1 === undefined) throw new Error('the inventory of the tests has no web1');
    const hosts = {
      ...inventory.hosts,
      web1: { ...web1, services: [{ name: service, manager: 'systemd' as const }] },
    };
    expect(decideOn({ instance: 'web1' }, { inventory: { ...inventory, hosts } })).toMatchObject(
      isOwn ? { kind: 'stop', reason: 'own_part' } : { kind: 'act' },
    );
  });

  test.each<[service: string, address: string, isOwn: boolean]>([
    ['docker', 'host.docker.internal', true],
    ['containerd.service', 'host.docker.internal', true],
    ['docker', '203.0.113.10', false],
    ['docker-registry', 'host.docker.internal', false],
  ])('the engine’s %s at %s', (service, address, isOwn) => {
    const inventory = makeInventory({ ...restart, with: { service } });
    const { web1 } = inventory.hosts;
    if (web1 === undefined) throw new Error('the inventory of the tests has no web1');
    const services = [{ name: service, manager: 'systemd' as const }];
    const hosts = { ...inventory.hosts, web1: { ...web1, address, services } };
    expect(decideOn({ instance: 'web1' }, { inventory: { ...inventory, hosts } })).toMatchObject(
      isOwn ? { kind: 'stop', reason: 'own_part' } : { kind: 'act' },
    );
  });

  test.each<[service: string, address: string | undefined, journal: string, isOwn: boolean]>([
    ['postgresql', 'db.example', 'postgres://steward@db.example/steward', true],
    ['postgresql-16.service', 'db.example', 'postgres://steward@db.example:5433/steward', true],
    ['postgres', undefined, 'postgres://steward@127.0.0.1/steward', true],
    ['postgresql', 'web1.example', 'postgres://steward@db.example/steward', false],
    ['postgresql', 'web1.example', 'postgres://steward@127.0.0.1/steward', false],
    ['postgresql', undefined, '/var/lib/steward/journal.sqlite', false],
    ['mariadb', 'db.example', 'postgres://steward@db.example/steward', false],
  ])('%s at %s while the journal is at %s', (service, address, journal, isOwn) => {
    const inventory = makeInventory({ ...restart, with: { service } });
    const { web1, web2 } = inventory.hosts;
    if (web1 === undefined || web2 === undefined) throw new Error('the inventory of the tests lacks a host');
    const services = [{ name: service, manager: 'systemd' as const }];
    const place = address === undefined ? web1 : { ...web2, address };
    const hosts = { ...inventory.hosts, web1: { ...place, services } };
    const remediator = { ...inventory.remediator, journal };
    expect(decideOn({ instance: 'web1' }, { inventory: { ...inventory, hosts, remediator } })).toMatchObject(
      isOwn ? { kind: 'stop', reason: 'own_part' } : { kind: 'act' },
    );
  });

  // What is read from a file has none of these; a run that was begun before may have.
  const base = makeInventory({ verify: restart.verify });
  const withBlog = (change: object) => {
    const { blog } = base.sites;
    if (blog === undefined) throw new Error('the inventory of the tests has no blog');
    return { ...base, sites: { ...base.sites, blog: { ...blog, ...change } } };
  };
  test.each<[what: string, change: object, isOwn: boolean]>([
    ["a site inside of the hardening's folder", { path: '/var/lib/steward/site' }, true],
    ["a site with the program's folder in it", { path: '/opt' }, true],
    ['a site whose name only begins alike', { path: '/opt/stewardship' }, false],
  ])('%s', (_what, change, isOwn) => {
    expect(decideOn({}, { inventory: withBlog(change) })).toMatchObject(
      isOwn ? { kind: 'stop', reason: 'own_part' } : { kind: 'act' },
    );
  });

  test.each<[name: string, isOwn: boolean]>([
    ['prometheus', true],
    ['renamed', true],
    ['postgresql', true],
    ['nginx', false],
  ])('a command of steward.yml that gets the name %s', (name, isOwn) => {
    const actions = {
      kick: {
        target: 'site',
        user: 'root',
        run: ['/usr/bin/systemctl', 'restart', '$name'],
        parameters: {
          name: {
            enum: {
              prometheus: 'prometheus',
              renamed: 'steward-exporter',
              postgresql: 'postgresql',
              nginx: 'nginx',
            },
          },
        },
      },
    };
    const made = makeInventory({ action: 'kick', with: { name }, verify: restart.verify });
    const inventory = {
      ...made,
      remediator: { ...made.remediator, journal: 'postgres://steward@127.0.0.1/steward' },
      actions: inventorySchema.parse({ actions }).actions,
    };
    expect(decideOn({}, { inventory, actions: actionsOf(inventory) })).toMatchObject(
      isOwn ? { kind: 'stop', reason: 'own_part' } : { kind: 'act' },
    );
  });
});
