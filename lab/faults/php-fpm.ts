import type { Fault } from './fault.ts';

/** PHP-FPM dies, and the site answers 502. */
export const phpFpm: Fault = {
  name: 'php-fpm',
  description: 'PHP-FPM is killed, and visitors get an error',
  async inject({ supervisor }) {
    // Its workers too: each program of supervisor has a process group of its own.
    process.kill(-(await supervisor.pidOf('php-fpm')), 'SIGKILL');
  },
  seenQuery: 'host_service_up{instance="lab",name="php-fpm"} == 0',
  alertname: 'ServiceDown',
  instance: 'lab',
  policy: 'restart-service',
};
