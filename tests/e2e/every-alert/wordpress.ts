import { appendFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { coreFile } from '../../../lab/faults/core-file.ts';
import { cron } from '../../../lab/faults/cron.ts';
import { largeLog } from '../../../lab/faults/large-log.ts';
import { maintenanceFile } from '../../../lab/faults/maintenance-file.ts';
import { permissions } from '../../../lab/faults/permissions.ts';
import type { Fault } from '../../../lab/faults/fault.ts';
import type { AlertFault } from './alert-fault.ts';
import type { Stage } from './stage.ts';

const changed = (what: string) => async (stage: Stage) => {
  await stage.inWordPress(what);
  await stage.readAgain('blog', 'wordpress');
};

/** A fault that Steward heals elsewhere. */
const healable = (fault: Fault): AlertFault => ({
  description: fault.description,
  alerts: [fault.alertname],
  async inject(stage) {
    await fault.inject(stage.lab.site);
    if (fault.collector !== undefined) await stage.readAgain('blog', fault.collector);
  },
});

const inSite = ({ lab }: Stage, ...path: string[]) => join(lab.site.path, ...path);

/** Changes wp-config.php. */
async function configure(stage: Stage, change: (settings: string) => string): Promise<void> {
  const file = inSite(stage, 'wp-config.php');
  await writeFile(file, change(await readFile(file, 'utf8')));
  await stage.readAgain('blog', 'wordpress');
}

const define = (line: string) => (settings: string) => settings.replace('<?php', `<?php ${line}`);

/** The database of vulnerabilities knows one of the plugin that WordPress comes with. */
export const vulnerable: AlertFault = {
  description: 'a plugin has a known vulnerability',
  alerts: ['WordPressExtensionVulnerable'],
  inject: () => undefined,
};

/** Updates that nobody makes, from the first moment on. */
export const updates: AlertFault = {
  description: 'an update of WordPress and one of a plugin wait, for a week',
  alerts: ['WordPressSecurityUpdateAvailable', 'WordPressUpdatesWait'],
  inject: changed('updates'),
};

/** What is not well with a site that works. */
export const neglected: readonly AlertFault[] = [
  {
    ...healable(permissions),
    // Its policy asks, and nobody listens.
    alerts: ['WordPressPermissionsDrifted', 'RunAwaitsApproval', 'MessagesNotTaken'],
  },
  healable(cron),
  {
    description: 'WordPress last looked for updates four days ago',
    alerts: ['WordPressUpdateCheckOld'],
    inject: changed('no-check'),
  },
  {
    description: 'an option of 900 kB is read at each visit',
    alerts: ['WordPressAutoloadLarge'],
    inject: changed('autoload'),
  },
  {
    description: 'errors are shown to visitors',
    alerts: ['WordPressShowsErrors'],
    inject: (stage) =>
      configure(stage, define("define('WP_DEBUG', true); define('WP_DEBUG_DISPLAY', true);")),
  },
];

/** Whoever got in. */
export const intruders: readonly AlertFault[] = [
  {
    description: 'somebody made an account of an administrator',
    alerts: ['WordPressAdministratorAdded'],
    inject: changed('administrator'),
  },
  healable(coreFile),
  {
    description: 'a file of a plugin was changed',
    alerts: ['WordPressPluginFilesChanged'],
    async inject(stage) {
      await appendFile(
        inSite(stage, 'wp-content/plugins/akismet/class.akismet-widget.php'),
        '\n// changed\n',
      );
      await stage.readAgain('blog', 'checksums');
    },
  },
  {
    description: 'PHP appeared in the folder of uploads',
    alerts: ['WordPressSuspiciousFilesAppeared', 'WordPressSuspiciousFiles'],
    async inject(stage) {
      const file = inSite(stage, 'wp-content/uploads/2026/upload.php');
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, '<?php echo "who put this here?";\n');
      await stage.readAgain('blog', 'suspicious_files');
    },
  },
  {
    description: 'files are not as in the baseline',
    alerts: ['WordPressFilesChanged'],
    inject: (stage) => stage.readAgain('blog', 'changes'),
  },
  {
    description: 'somebody tries 150 passwords',
    alerts: ['WordPressLoginAttack'],
    async inject(stage) {
      for (let round = 0; round < 15; round += 1)
        await Promise.all(Array.from({ length: 10 }, () => logIn(stage)));
      await stage.readAgain('blog', 'logs');
    },
  },
];

async function logIn({ lab }: Stage): Promise<void> {
  const body = new URLSearchParams({ log: '', pwd: '' });
  await (await fetch(`${lab.site.url}/wp-login.php`, { method: 'POST', body })).text();
}

/** PHP that ends in a fatal error, where visitors ask for it. */
export const fatalErrors: AlertFault = {
  description: 'the code of a plugin ends in a fatal error, eight times',
  alerts: ['WordPressFatalErrors'],
  async inject(stage) {
    const file = 'wp-content/plugins/akismet/broken.php';
    await writeFile(inSite(stage, file), '<?php this_is_no_function();\n');
    const ask = async () => (await fetch(`${stage.lab.site.url}/${file}`)).text();
    await ask();
    await stage.readAgain('blog', 'logs');
    // What is new in a log is 0 for one reading.
    await stage.shown('wordpress_log_fatals_total{kind="plugin"} == 0');
    for (let count = 0; count < 8; count += 1) await ask();
    await stage.readAgain('blog', 'logs');
    await rm(inSite(stage, file));
  },
};

/** A log that nothing rotates, and that grows by much. */
export const logs: AlertFault = {
  description: largeLog.description,
  alerts: ['WordPressLogLarge', 'WordPressLogFillsDisk'],
  async inject(stage) {
    await largeLog.inject(stage.lab.site);
    await stage.readAgain('blog', 'logs');
  },
  async mend(stage) {
    await truncate(join(stage.lab.site.folder, 'nginx-access.log'), 0);
    await stage.readAgain('blog', 'logs');
  },
};

/** Updates are broken off. */
export const maintenance: AlertFault = {
  ...healable(maintenanceFile),
  async mend(stage) {
    await rm(inSite(stage, '.maintenance'));
    await stage.readAgain('blog', 'wordpress');
  },
};

/** A part of the database that Steward reads is gone. */
export const unreadable: AlertFault = {
  description: 'a table of WordPress was renamed',
  alerts: ['WordPressPartNotRead'],
  async inject(stage) {
    await stage.sql('RENAME TABLE wp_usermeta TO wp_usermeta_old;');
    await stage.readAgain('blog', 'wordpress');
  },
  async mend(stage) {
    await stage.sql('RENAME TABLE wp_usermeta_old TO wp_usermeta;');
    await stage.readAgain('blog', 'wordpress');
  },
};

const DROP_IN = 'wp-content/advanced-cache.php';

/** Pages are kept. Where objects are, too, WordPress would keep the updates that it knows of there, and not in the database. */
export async function turnCacheOn(stage: Stage): Promise<void> {
  await writeFile(inSite(stage, DROP_IN), '<?php\n');
  await configure(stage, define("define('WP_CACHE', true);"));
}

/** And then they are not. */
export const noCache: AlertFault = {
  description: 'the drop-in of the cache of pages is gone',
  alerts: ['WordPressCacheOff'],
  async inject(stage) {
    await rm(inSite(stage, DROP_IN));
    await stage.readAgain('blog', 'wordpress');
  },
};
