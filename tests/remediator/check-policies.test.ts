import { describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../inventory/problem.ts';
import { checkPolicies } from '../../remediator/check-policies.ts';
import { actionNames } from '../helpers/known-names.ts';
import { loadGoodYaml } from '../helpers/load-yaml.ts';

const verify = `verify: { query: 'up{instance="$target"} == 1' }`;

async function problemsOf(policy: string): Promise<string[]> {
  const loaded = await loadGoodYaml(
    `policies:\n  - { name: mine, match: ['a="b"'], ${policy}, ${verify} }\n`,
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
      'whose parameter is missing',
      'action: service.restart',
      'policies[0].with: found nothing, expected the parameter service of service.restart',
    ],
    [
      'with a parameter that its action does not have',
      'action: wordpress.fix-permissions, with: { path: all }',
      'policies[0].with.path: found the unknown parameter "path", expected no parameter: wordpress.fix-permissions has none',
    ],
  ])('%s is refused, at its place', async (_what, policy, problem) => {
    const problems = await problemsOf(policy);
    expect(problems.map((line) => line.replace(/^steward\.yml:2:\d+: /, ''))).toEqual([problem]);
  });
});

test('the policies that are shipped are good', async () => {
  expect(checkPolicies(await loadGoodYaml('hosts: {}\n'))).toEqual([]);
});
