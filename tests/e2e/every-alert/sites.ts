import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plugin } from '../../../lab/faults/plugin.ts';
import { slowPages } from '../../../lab/faults/slow-pages.ts';
import type { AlertFault } from './alert-fault.ts';
import type { Stage } from './stage.ts';

async function ask({ lab }: Stage, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1)
    await fetch(lab.site.url, { redirect: 'manual' }).then(
      (response) => response.text(),
      () => undefined,
    );
}

/** Changes what nginx is told. */
async function tellNginx(stage: Stage, change: (text: string) => string): Promise<void> {
  const file = join(stage.lab.site.folder, 'nginx.conf');
  await writeFile(file, change(await readFile(file, 'utf8')));
  await stage.service('signal', 'HUP', 'nginx');
}

const PAGES = 'location / { try_files $uri $uri/ /index.php?$args; }';
const ELSEWHERE = 'location / { return 302 http://localhost:1/; }';

/** Visitors are sent away. */
export const redirected: AlertFault = {
  description: 'the front page leads to another site',
  alerts: ['SiteRedirectsAway'],
  inject: (stage) => tellNginx(stage, (text) => text.replace(PAGES, ELSEWHERE)),
  mend: (stage) => tellNginx(stage, (text) => text.replace(ELSEWHERE, PAGES)),
};

/** Visitors get errors. */
export const serverErrors: AlertFault = {
  description: 'PHP-FPM is stopped, and visitors get an error',
  alerts: ['SiteServerErrors'],
  async inject(stage) {
    await stage.service('stop', 'php-fpm');
    await ask(stage, 5);
    await stage.readAgain('blog', 'logs');
    await ask(stage, 50);
    await stage.readAgain('blog', 'logs');
  },
  mend: (stage) => stage.service('start', 'php-fpm'),
};

/** Each page ends with a fatal error of a plugin. */
export const brokenPlugin: AlertFault = {
  description: plugin.description,
  alerts: ['WordPressPluginBreaksSite'],
  async inject(stage) {
    await plugin.inject(stage.lab.site);
    await ask(stage, 3);
    await stage.readAgain('blog', 'logs');
    await ask(stage, 5);
    await stage.readAgain('blog', 'logs');
  },
  mend: ({ lab }) => rm(join(lab.site.path, 'wp-content/plugins/steward-lab-broken'), { recursive: true }),
};

/** Pages take their time. */
export const slow: AlertFault = {
  description: slowPages.description,
  alerts: ['SiteSlow'],
  inject: ({ lab }, ended) => slowPages.inject(lab.site, ended),
  mend: ({ lab }) => rm(join(lab.site.path, 'wp-content/mu-plugins/steward-lab.php')),
};

/** A certificate that nobody renews. */
export const certificate: AlertFault = {
  description: 'a certificate ends in five days',
  alerts: ['CertificateExpiresSoon'],
  inject: ({ parts, lab }) => parts.openShop(lab),
};

/** None comes any more. */
export const noVisitors: AlertFault = {
  description: 'nobody asks the site for anything any more',
  alerts: ['SiteRequestsStopped'],
  inject: ({ visits }) => visits.abort(),
};
