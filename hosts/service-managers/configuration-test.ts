import type { ServiceEntry } from '../../inventory/schema/host.ts';
import { isPhpFpm } from './php-fpm-service.ts';
import type { Argv } from './service-manager.ts';
import { isWebServer } from './web-server.ts';

/**
 * The command that tests a service's own configuration, or undefined where none is known. Web servers and php-fpm of Debian have theirs under systemd and init
 * scripts, and a container has that of its image; what supervisor starts may have its configuration anywhere, so that steward.yml must name the test.
 */
export function configurationTest({ name, manager, config_test: own }: ServiceEntry): Argv | undefined {
  if (own !== undefined) {
    const [program, ...words] = own;
    return program === undefined ? undefined : [program, ...words];
  }
  if (manager === 'docker') {
    const test = testOfImage(name);
    return test && ['docker', 'exec', name, ...test];
  }
  return manager === 'supervisor' ? undefined : shippedTest(name);
}

/** Whether a service is a web server or a php-fpm whose configuration nobody can test; `config_test: []` says that there is no test. */
export function lacksConfigurationTest(service: ServiceEntry): boolean {
  const hasOne = service.config_test !== undefined || configurationTest(service) !== undefined;
  return !hasOne && (isWebServer(service.name) || isPhpFpm(service.name));
}

function shippedTest(name: string): Argv | undefined {
  if (name === 'nginx') return ['nginx', '-t', '-q'];
  if (name === 'apache2') return ['apache2ctl', 'configtest'];
  const version = /^php(\d\.\d+)-fpm$/.exec(name)?.[1];
  return version === undefined ? undefined : [`php-fpm${version}`, '-t'];
}

/** As the official images have them. What a container is, its name says: Compose puts the project before it, and a number behind. */
function testOfImage(name: string): Argv | undefined {
  if (isPhpFpm(name.replace(/[-_]\d+$/, ''))) return ['php-fpm', '-t'];
  const server = /(?:^|[-_.])(nginx|apache2?|httpd)(?:[-_]\d+)?$/.exec(name)?.[1];
  if (server === undefined) return undefined;
  return server === 'nginx' ? ['nginx', '-t', '-q'] : ['apachectl', 'configtest'];
}
