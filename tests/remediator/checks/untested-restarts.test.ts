import { describe, expect, test } from '@jest/globals';
import { untestedRestarts } from '../../../remediator/checks/untested-restarts.ts';
import { loadGoodYaml } from '../../helpers/load-yaml.ts';

async function warningsFor(service: string, policies: string): Promise<string[]> {
  const { inventory } = await loadGoodYaml(
    `hosts: { web1: { local: true, services: [${service}] } }\npolicies: [${policies}]\n`,
  );
  return untestedRestarts(inventory);
}

const auto = '{ name: restart-service, mode: auto }';

describe('a restart of what nobody can test first', () => {
  test.each([
    ['a web server in a container', '{ name: nginx, manager: docker }', auto],
    ['a php-fpm in a container', '{ name: blog-php-fpm, manager: docker }', auto],
    ['a web server under supervisor', '{ name: apache2, manager: supervisor }', auto],
    [
      'one that a person approves',
      '{ name: nginx, manager: docker }',
      '{ name: restart-service, mode: approve }',
    ],
    [
      'one by a further step',
      '{ name: php-fpm, manager: docker }',
      '{ name: relieve-slow-site, mode: auto }',
    ],
  ])('is warned of: %s', async (_what, service, policies) => {
    const warnings = await warningsFor(service, policies);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /may restart \S+ of web1 with a configuration that is broken: .* as `config_test`/,
    );
  });

  test.each([
    [
      'whose test is named',
      '{ name: nginx, manager: docker, config_test: [docker, exec, nginx, nginx, -t] }',
      auto,
    ],
    ['of which somebody said that there is none', '{ name: nginx, manager: docker, config_test: [] }', auto],
    ['that systemd has', '{ name: nginx, manager: systemd }', auto],
    ['that has no such test', '{ name: redis, manager: docker }', auto],
    ['that no policy restarts', '{ name: nginx, manager: docker }', '{ name: fix-permissions, mode: auto }'],
    ['that policies only watch', '{ name: nginx, manager: docker }', ''],
  ])('is not where it is one %s', async (_what, service, policies) => {
    expect(await warningsFor(service, policies)).toEqual([]);
  });
});
