import { describe, expect, test } from '@jest/globals';
import type { Alert } from '../../../remediator/alerts/alert.ts';
import { actions } from '../../../remediator/actions.ts';
import { planHash } from '../../../remediator/decide/approval.ts';
import { decide, type DecisionInput } from '../../../remediator/decide/decide.ts';
import { makeAlert } from '../alerts.ts';
import { makeInventory } from '../inventory.ts';
import { acted, decideOn, forSite, MINUTE, NOW } from './decide-on.ts';

const forService = { policy: 'restart', action: 'service.restart', target: 'web1', host: 'web1' };

function withLabels(labels: Alert['labels']): Partial<DecisionInput> {
  return { alert: { ...makeAlert(), labels } };
}

/** Labels as JSON.parse makes them: `__proto__` is a key like any other. */
function parsed(json: string): Record<string, string> {
  return JSON.parse(json) as Record<string, string>;
}

describe('a plan is made from what is looked up', () => {
  test('a site leads to its host', () => {
    expect(decideOn({})).toMatchObject({ kind: 'act', plan: { ...forSite, parameters: {} } });
  });

  test('a host leads to itself, and a label to a parameter that is one of its services', () => {
    expect(decideOn({ alertname: 'ServiceDown', instance: 'web1', service: 'nginx' })).toMatchObject({
      kind: 'act',
      plan: { ...forService, parameters: { service: 'nginx' } },
    });
  });

  test('the host that an alert claims to be of does not count', () => {
    expect(decideOn({ host: 'web2' })).toMatchObject({ plan: { host: 'web1' } });
  });
});

describe('a plugin, which only its host knows', () => {
  const deactivate = { action: 'wordpress.deactivate-plugin', with: { plugin: { label: 'slug' } } };
  const withPlugin = (slug: string) => decideOn({ slug }, { inventory: makeInventory(deactivate) });

  test('goes to the host as the word it is', () => {
    expect(withPlugin('acme-pro')).toMatchObject({
      kind: 'act',
      plan: { parameters: { plugin: 'acme-pro' } },
    });
  });

  test.each(['', '.', '..', '../x', '-rf', 'a b', 'a;b', 'a/b', '$(id)', 'x'.repeat(65)])(
    'is refused as %j',
    (slug) => {
      expect(withPlugin(slug)).toMatchObject({ kind: 'stop', reason: 'parameter_not_allowed' });
    },
  );
});

describe('an approval', () => {
  const plan = forSite;
  const approval = { kind: 'approved', planHash: planHash(plan), untilMs: NOW + 1 } as const;
  const inMode = (mode: string, change: Partial<DecisionInput>) =>
    decideOn({}, { inventory: makeInventory({ mode }), ...change });

  test('lets the policy act', () => {
    expect(inMode('approve', { approval })).toMatchObject({ kind: 'act' });
  });

  test.each<[what: string, mode: string, change: Partial<DecisionInput>, reason: string]>([
    ['that is not there', 'approve', {}, 'mode_needs_approval'],
    ['that is over', 'approve', { approval: { ...approval, untilMs: NOW } }, 'mode_needs_approval'],
    [
      'of another plan',
      'approve',
      { approval: { ...approval, planHash: planHash({ ...plan, target: 'shop' }) } },
      'mode_needs_approval',
    ],
    ['that was a no', 'approve', { approval: { kind: 'denied' } }, 'denied'],
    ['of a policy that now only observes', 'observe', { approval }, 'mode_observe'],
    ['in a cooldown', 'approve', { approval, history: [acted(1)] }, 'cooldown'],
  ])('%s does not', (_what, mode, change, reason) => {
    expect(inMode(mode, change)).toMatchObject({ reason });
  });

  test('is for the same parameters, in whatever order they stand', () => {
    expect(planHash({ ...plan, parameters: { a: '1', b: '2' } })).toBe(
      planHash({ ...plan, parameters: { b: '2', a: '1' } }),
    );
    expect(planHash({ ...plan, parameters: { a: '1' } })).not.toBe(
      planHash({ ...plan, parameters: { a: '2' } }),
    );
  });
});

test('an alert that has ended leads to nothing', () => {
  const alert = makeAlert({}, { status: 'resolved' });
  expect(decideOn({}, { alert })).toEqual({ kind: 'stop', reason: 'alert_resolved' });
});

describe('nothing is done, with a reason', () => {
  const service = { alertname: 'ServiceDown', instance: 'web1', service: 'nginx' };
  test.each<[rule: string, labels: Record<string, string>, reason: string]>([
    ['an alert of another name has no policy', { alertname: 'Other' }, 'no_policy'],
    ['a matcher is for the whole value', { alertname: 'Drifting' }, 'no_policy'],
    ['a matcher knows capitals', { alertname: 'drift' }, 'no_policy'],
    ['an empty name has no policy', { alertname: '' }, 'no_policy'],
    ['an empty instance is not "all"', { instance: '' }, 'empty_target'],
    ['an instance must be in steward.yml', { instance: 'nobody' }, 'unknown_target'],
    ['an id is matched as a whole', { instance: 'blo' }, 'unknown_target'],
    ['an id is matched with its capitals', { instance: 'Blog' }, 'unknown_target'],
    ['an id is not trimmed', { instance: 'blog ' }, 'unknown_target'],
    ['an id is not a pattern', { instance: '.*' }, 'unknown_target'],
    ['an id with a command is none', { instance: 'blog;reboot' }, 'unknown_target'],
    ['constructor is no site', { instance: 'constructor' }, 'unknown_target'],
    ['__proto__ is no site', { instance: '__proto__' }, 'unknown_target'],
    ['toString is no site', { instance: 'toString' }, 'unknown_target'],
    ['a host is no site', { instance: 'web1' }, 'wrong_kind_of_target'],
    ['a bot is no site', { instance: 'trend' }, 'wrong_kind_of_target'],
    ['a job is no site', { instance: 'backup' }, 'wrong_kind_of_target'],
    ['a site is no host', { ...service, instance: 'blog' }, 'wrong_kind_of_target'],
    ['constructor is no host', { ...service, instance: 'constructor' }, 'unknown_target'],
    ['a service must be of the host', { ...service, service: 'sshd' }, 'parameter_not_allowed'],
    ['a service of another host is not', { ...service, service: 'redis' }, 'parameter_not_allowed'],
    ['an empty service is not "all"', { ...service, service: '' }, 'parameter_not_allowed'],
    ['a service is matched as a whole', { ...service, service: 'nginx ' }, 'parameter_not_allowed'],
    ['a service with an option is none', { ...service, service: '--now' }, 'parameter_not_allowed'],
    ['constructor is no service', { ...service, service: 'constructor' }, 'parameter_not_allowed'],
    ['__proto__ is no service', { ...service, service: '__proto__' }, 'parameter_not_allowed'],
    ['length is no service', { ...service, service: 'length' }, 'parameter_not_allowed'],
  ])('%s', (_rule, labels, reason) => {
    expect(decideOn(labels)).toMatchObject({ kind: 'stop', reason });
  });

  test.each<[rule: string, labels: Record<string, string>, reason: string]>([
    ['an alert without labels has no policy', {}, 'no_policy'],
    ['an alert without an instance has no target', { alertname: 'Drift' }, 'empty_target'],
    [
      'a missing label is no parameter',
      { alertname: 'ServiceDown', instance: 'web1' },
      'parameter_not_allowed',
    ],
    ['a label called __proto__ lends nothing', parsed('{"__proto__": "Drift"}'), 'no_policy'],
    [
      'labels called __proto__ and constructor change nothing',
      parsed('{"alertname": "Drift", "__proto__": "blog", "constructor": "blog"}'),
      'empty_target',
    ],
  ])('%s', (_rule, labels, reason) => {
    expect(decideOn({}, withLabels(labels))).toMatchObject({ kind: 'stop', reason });
  });

  test.each<[log: string, kind: string]>([
    ['php-error', 'act'],
    ['php-error-2', 'act'],
    ['nginx-access', 'stop'],
    ['', 'stop'],
    ['php-error ', 'stop'],
    ['length', 'stop'],
  ])('a log must be one of the site: %j', (log, kind) => {
    const base = makeInventory({ action: 'log.rotate', with: { log: { label: 'log' } } });
    const logs = ['/var/log/a', '/var/log/b'].map((file) => ({ file, format: 'php-error' as const }));
    const [blog, shop] = [base.sites['blog'], base.sites['shop']];
    if (blog === undefined || shop === undefined) throw new Error('no sites');
    const others = [{ file: '/var/log/c', format: 'nginx-access' as const }];
    const inventory = { ...base, sites: { blog: { ...blog, logs }, shop: { ...shop, logs: others } } };
    expect(decideOn({ log }, { inventory })).toMatchObject(
      kind === 'act' ? { kind, plan: { parameters: { log } } } : { kind, reason: 'parameter_not_allowed' },
    );
  });

  test('a policy whose action is not there is none', () => {
    const inventory = makeInventory({ action: 'constructor' });
    expect(decideOn({}, { inventory })).toEqual({ kind: 'stop', reason: 'no_policy' });
  });

  test('a parameter from the label __proto__ or constructor is not taken from the prototype', () => {
    const change = { match: ['alertname="S"'], action: 'service.restart' };
    for (const label of ['__proto__', 'constructor']) {
      const inventory = makeInventory({ ...change, with: { service: { label } } });
      expect(decideOn({ alertname: 'S', instance: 'web1' }, { inventory })).toMatchObject({
        reason: 'parameter_not_allowed',
      });
    }
  });

  test.each([
    ['observe', 'mode_observe'],
    ['approve', 'mode_needs_approval'],
    ['earn(1)', 'mode_needs_approval'],
  ])('mode %s acts not by itself, and tells its plan', (mode, reason) => {
    const inventory = makeInventory({ mode });
    const plan = { ...forSite, parameters: {} };
    const kind = mode === 'observe' ? 'observe' : 'ask';
    expect(decideOn({}, { inventory })).toMatchObject({ kind, reason, plan });
  });

  test('a person is asked only where nothing else speaks against it', () => {
    const inventory = makeInventory({ mode: 'approve' });
    expect(decideOn({}, { inventory, history: [acted(1)] })).toMatchObject({
      kind: 'stop',
      reason: 'cooldown',
    });
  });

  test('what would hold back a policy that only observes is told beside', () => {
    const inventory = makeInventory({ mode: 'observe' });
    expect(decideOn({}, { inventory })).toMatchObject({ kind: 'observe', against: undefined });
    expect(decideOn({}, { inventory, history: [acted(1)] })).toMatchObject({
      reason: 'mode_observe',
      against: { reason: 'cooldown' },
    });
  });

  test('a policy without a mode observes', () => {
    const inventory = makeInventory({ mode: undefined });
    expect(decideOn({}, { inventory })).toMatchObject({ reason: 'mode_observe' });
  });
});

describe('a parameter that the policy writes out', () => {
  const restart = { match: ['alertname="Drift"'], action: 'service.restart' };
  test.each([
    ['nginx', 'act'],
    ['sshd', 'stop'],
    [1, 'stop'],
    [true, 'stop'],
  ])('%p is held against the closed set, too', (service, kind) => {
    const inventory = makeInventory({ ...restart, with: { service } });
    expect(decideOn({ instance: 'web1' }, { inventory }).kind).toBe(kind);
  });
});

describe('how often', () => {
  test.each<[rule: string, history: DecisionInput['history'], reason: string | undefined]>([
    ['nothing happened before', [], undefined],
    [
      'a millisecond before the end of the cooldown',
      [acted(15, {}, { atMs: NOW - 15 * MINUTE + 1 })],
      'cooldown',
    ],
    ['at the end of the cooldown', [acted(15)], undefined],
    ['just now', [acted(0)], 'cooldown'],
    ['in the future, for the clock was set back', [acted(-60)], 'cooldown'],
    ['another target', [acted(1, { target: 'shop' })], undefined],
    ['another policy', [acted(1, { policy: 'restart' })], undefined],
    ['another action of the same policy', [acted(1, { action: 'wordpress.clear-caches' })], undefined],
    ['other parameters', [acted(1, { parameters: { service: 'redis' } })], undefined],
    ['one less than the limit', [acted(20)], undefined],
    ['as many as the limit', [acted(20), acted(40)], 'limit'],
    ['the first left the window', [acted(20), acted(60)], undefined],
    ['the first is about to leave', [acted(20), acted(60, {}, { atMs: NOW - 60 * MINUTE + 1 })], 'limit'],
    ['the others are of another target', [acted(20), acted(30, { target: 'shop' })], undefined],
    ['both: the cooldown is told', [acted(1), acted(20)], 'cooldown'],
  ])('%s', (_rule, history, reason) => {
    const decision = decideOn({}, { history });
    expect(decision).toMatchObject(reason === undefined ? { kind: 'act' } : { kind: 'stop', reason });
  });

  test('a cooldown of nothing leaves the limit', () => {
    const inventory = makeInventory({ cooldown: '0s', limit: '1 per 1h' });
    expect(decideOn({}, { inventory, history: [acted(0)] })).toMatchObject({ reason: 'limit' });
  });
});

describe('the first policy that matches answers', () => {
  const first = { name: 'first', match: ['alertname="Drift"'], action: 'service.restart', mode: 'observe' };
  const verify = { query: 'up{instance="$target"} == 1' };

  test('also where a later one would act', () => {
    const inventory = makeInventory({}, [{ ...first, action: 'wordpress.fix-permissions', verify }]);
    expect(decideOn({}, { inventory })).toMatchObject({ reason: 'mode_observe', plan: { policy: 'first' } });
  });

  test('also where its action is for another kind of target', () => {
    const inventory = makeInventory({}, [{ ...first, verify }]);
    expect(decideOn({}, { inventory })).toMatchObject({ reason: 'wrong_kind_of_target' });
  });

  test('with all of its matchers', () => {
    const match = ['alertname="Drift"', 'severity="page"'];
    const inventory = makeInventory({}, [{ ...first, match, verify }]);
    expect(decideOn({}, { inventory })).toMatchObject({ plan: { policy: 'fix' } });
    expect(decideOn({ severity: 'page' }, { inventory })).toMatchObject({ reason: 'wrong_kind_of_target' });
  });
});

test('the same input gives the same decision, and is not changed', () => {
  const input = {
    alert: makeAlert(),
    inventory: makeInventory(),
    run: { id: 'this', acceptedAtMs: NOW },
    actions,
    history: [acted(20)],
    episodes: [],
    openRuns: [],
    nowMs: NOW,
  };
  const before = structuredClone({ ...input, actions: undefined });
  expect(decide(input)).toEqual(decide(input));
  expect({ ...input, actions: undefined }).toEqual(before);
});
