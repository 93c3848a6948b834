import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../../inventory/problem.ts';
import { checkPolicies } from '../../../remediator/checks/check-policies.ts';
import { actionNames } from '../../helpers/known-names.ts';
import { loadGoodYaml } from '../../helpers/load-yaml.ts';

const verify = `verify: { query: 'up{instance="$target"} == 1' }`;

async function problemsOf(policy: string, bots = '{}', match = 'a="b"'): Promise<string[]> {
  const loaded = await loadGoodYaml(
    `policies:\n  - { name: mine, match: ['${match}'], ${policy}, ${verify} }\nhosts: { web1: { local: true, services: [{ name: eth, manager: systemd }] } }\nbots: ${bots}\n`,
  );
  return checkPolicies(loaded).map((problem) => formatProblem({ ...problem, file: 'steward.yml' }));
}

describe('a policy', () => {
  test.each([
    ['with an action and its parameter', 'action: service.restart, with: { service: { label: name } }'],
    ['with a parameter that is written out', 'action: service.restart, with: { service: nginx }'],
    ['with an action that has no parameters', 'action: wordpress.fix-permissions'],
  ])('%s is good', async (_what, policy) => {
    expect(await problemsOf(policy)).toEqual([]);
  });

  test.each([
    [
      'whose action is not there',
      'action: service.reboot',
      `policies[0].action: found "service.reboot", expected one of ${actionNames}`,
    ],
    [
      'whose action is only a property of every object',
      'action: constructor',
      `policies[0].action: found "constructor", expected one of ${actionNames}`,
    ],
    [
      'that would restart a part of Steward',
      'action: service.restart, with: { service: steward-exporter }',
      'policies[0].with.service: found "steward-exporter", expected a service that is no part of Steward: its own manager restarts what is',
    ],
    [
      'with a step for another kind of target',
      'action: wordpress.clear-caches, then: [{ action: wordpress.run-cron }, { action: host.free-disk }]',
      'policies[0].then[1].action: found "host.free-disk", expected an action for a site, as wordpress.clear-caches is',
    ],
    [
      'whose parameter is missing',
      'action: service.restart',
      'policies[0].with: found nothing, expected the parameter service of service.restart',
    ],
    [
      'with a parameter that its action does not have',
      'action: wordpress.fix-permissions, with: { path: all }',
      'policies[0].with.path: found the unknown parameter "path", expected no parameter: wordpress.fix-permissions has none',
    ],
    [
      'whose parameter does not fit',
      'action: bot.restart, with: { hours: 100 }',
      'policies[0].with.hours: found 100, expected a whole number from 1 to 72',
    ],
    [
      'that says what steward.yml says of the bot',
      'action: bot.restart, with: { hours: 1, service: eth }',
      'policies[0].with.service: found the unknown parameter "service", expected one of hours',
    ],
  ])('%s is refused, at its place', async (_what, policy, problem) => {
    const problems = await problemsOf(policy);
    expect(problems.map((line) => line.replace(/^steward\.yml:2:\d+: /, ''))).toEqual([problem]);
  });
});

describe('a policy for bots', () => {
  const freqtrade = 'kind: freqtrade, url: "http://x/", username: u, password_file: p, host: web1';
  const values = 'requests: [{ path: /a, every: 1m, values: { equity: { at: a } } }]';
  const bots = `{ eth: { ${freqtrade}, service: eth }, bare: { ${freqtrade} }, grid: { kind: http_json, url: "http://x/", host: web1, ${values} } }`;
  const restart = 'action: bot.restart, with: { hours: 1 }';

  test('is refused where it may be asked to act on one that it cannot act on', async () => {
    const problems = await problemsOf(`${restart}, mode: auto`, bots);
    expect(problems.map((line) => line.replace(/^steward\.yml:\d+:\d+: /, '')).sort()).toEqual([
      'bots.bare.service: found nothing, expected the service that it runs as, which the policy mine restarts; or leave it out there by the matcher instance!="bare"',
      'policies[0].action: found "bot.restart", expected an action that is not for the bot grid: Steward knows no commands of the kind http_json; leave it out by the matcher instance!="grid"',
    ]);
  });

  test.each([
    ['only observes', restart, 'a="b"'],
    ['leaves those out', `${restart}, mode: auto`, 'instance!~"bare|grid"'],
    ['restarts nothing', 'action: bot.pause, mode: auto', 'instance!="grid"'],
  ])('is good where it %s', async (_what, policy, match) => {
    expect(await problemsOf(policy, bots, match)).toEqual([]);
  });
});

test('the policies that are shipped are good', async () => {
  expect(checkPolicies(await loadGoodYaml('hosts: {}\n'))).toEqual([]);
});

test.each<[address: string, service: string, isRefused: boolean]>([
  ['host.docker.internal', 'docker', true],
  ['host.docker.internal', 'nginx', false],
  ['203.0.113.10', 'docker', false],
])('on the host at %s, a policy that restarts %s', async (address, service, isRefused) => {
  const loaded = await loadGoodYaml(`
hosts:
  web1: { address: ${address}, read_key_file: r, act_key_file: a, services: [{ name: ${service}, manager: systemd }] }
policies: [{ name: mine, match: ['a="b"'], action: service.restart, with: { service: ${service} }, ${verify} }]
`);
  expect(checkPolicies(loaded).map(({ expected }) => expected)).toEqual(
    isRefused ? ['a service that is no part of Steward: its own manager restarts what is'] : [],
  );
});
