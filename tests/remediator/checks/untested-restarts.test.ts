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
    ['a web server under supervisor', '{ name: apache2, manager: supervisor }', auto],
    ['a php-fpm under supervisor', '{ name: blog-php-fpm, manager: supervisor }', auto],
    [
      'one that a person approves',
      '{ name: nginx, manager: supervisor }',
      '{ name: restart-service, mode: approve }',
    ],
    [
      'one by a further step',
      '{ name: php-fpm, manager: supervisor }',
      '{ name: relieve-slow-site, mode: auto }',
    ],
  ])('is warned of: %s', async (_what, service, policies) => {
    const warnings = await warningsFor(service, policies);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/may restart \S+ of web1 only where it is down: .* as `config_test`/);
  });

  test.each([
    [
      'whose test is named',
      '{ name: nginx, manager: supervisor, config_test: [nginx, -t, -c, /srv/nginx.conf] }',
      auto,
    ],
    [
      'of which somebody said that there is none',
      '{ name: nginx, manager: supervisor, config_test: [] }',
      auto,
    ],
    ['that systemd has', '{ name: nginx, manager: systemd }', auto],
    ['that is tested in its container', '{ name: nginx, manager: docker }', auto],
    ['that has no such test', '{ name: redis, manager: supervisor }', auto],
    [
      'that no policy restarts',
      '{ name: nginx, manager: supervisor }',
      '{ name: fix-permissions, mode: auto }',
    ],
    ['that policies only watch', '{ name: nginx, manager: supervisor }', ''],
  ])('is not where it is one %s', async (_what, service, policies) => {
    expect(await warningsFor(service, policies)).toEqual([]);
  });
});
