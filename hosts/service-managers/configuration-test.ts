import type { ServiceEntry } from '../../inventory/schema/host.ts';
import type { Argv } from './service-manager.ts';

/**
 * The command that tests a service's own configuration, or undefined where none is known. Web servers and php-fpm of Debian have theirs under systemd and init
 * scripts; what another manager starts may have its configuration elsewhere, so that steward.yml must name the test.
 */
export function configurationTest({ name, manager, config_test: own }: ServiceEntry): Argv | undefined {
  if (own !== undefined) {
    const [program, ...words] = own;
    return program === undefined ? undefined : [program, ...words];
  }
  return manager === 'systemd' || manager === 'sysv' ? shippedTest(name) : undefined;
}

function shippedTest(name: string): Argv | undefined {
  if (name === 'nginx') return ['nginx', '-t', '-q'];
  if (name === 'apache2') return ['apache2ctl', 'configtest'];
  const version = /^php(\d\.\d+)-fpm$/.exec(name)?.[1];
  return version === undefined ? undefined : [`php-fpm${version}`, '-t'];
}
