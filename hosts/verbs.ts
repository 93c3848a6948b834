import { SLOT_PATTERN } from '../inventory/schema/values.ts';

/** What a key is for: the exporter's can only read, the remediator's can act. */
export type Role = 'read' | 'act';

/** What may stand in a slot of a verb; the dispatcher on the host checks it again. */
export type SlotKind = 'host' | 'site' | 'service' | 'run' | 'log-owner' | 'number' | 'plugin' | 'log';

/** Everything that Steward can ask of a host, and with which key. The dispatcher on the host takes nothing else. */
export const verbs = {
  /** Says that the dispatcher is there, and which version. */
  ping: { role: 'read', slots: [] },
  /** Prints what the kernel says of CPU, memory, disks, file systems, network and time, all for one round trip. */
  'host-facts': { role: 'read', slots: [] },
  /** Prints name and memory of each process. */
  'host-processes': { role: 'read', slots: [] },
  /** Prints whether the clock is kept right by a time server. */
  'host-clock': { role: 'read', slots: [] },
  /** Prints the state of each service that steward.yml names. */
  services: { role: 'read', slots: [] },
  /** Lists owner, group and mode of a site's most important paths, 100 at most. */
  'site-sentinels': { role: 'read', slots: ['site'] },
  /** Lists owner, group and mode of everything below a site's folder. */
  'site-permissions': { role: 'read', slots: ['site'] },
  /** Prints the MD5 of each file of WordPress itself and of its plugins, and their versions. */
  'site-hashes': { role: 'read', slots: ['site'] },
  /** Lists everything below a site's folder with what tells whether it was changed, and where links lead. */
  'site-tree': { role: 'read', slots: ['site'] },
  /** Prints the files of a site that look as if somebody else had put them there. */
  'site-suspicious': { role: 'read', slots: ['site'] },
  /** Asks WordPress about itself, as the site's owner: versions, updates, cron, content and more, as one line of JSON. */
  'site-wordpress': { role: 'read', slots: ['site'] },
  /** Asks the site's pool of PHP-FPM for its status over FastCGI. */
  'site-php-fpm': { role: 'read', slots: ['site'] },
  /** Asks the site's database how it is, as the site's owner with the site's own credentials; prints one line of JSON. */
  'site-database': { role: 'read', slots: ['site'] },
  /** Has the site's pool of PHP-FPM run a script of root's, which prints how its OPcache is, as JSON. */
  'site-opcache': { role: 'read', slots: ['site'] },
  /** Says how far each log of a site or bot goes, and which file it is. */
  'log-status': { role: 'read', slots: ['log-owner'] },
  /** Prints up to 2 MB of a log from an offset: the log by its number, the file by its inode, rotated or not. */
  'log-read': { role: 'read', slots: ['log-owner', 'number', 'number', 'number'] },
  /** Records, then mends owner, group and mode of what drifted. */
  'site-fix-permissions': { role: 'act', slots: ['site', 'run'] },
  /** Puts back what `site-fix-permissions` of that run changed. */
  'site-undo-permissions': { role: 'act', slots: ['site', 'run'] },
  /** Runs the events of WordPress's cron that are due, as the site's owner. */
  'site-run-cron': { role: 'act', slots: ['site'] },
  /** Publishes the posts whose time has passed, as the site's owner. */
  'site-publish-missed': { role: 'act', slots: ['site'] },
  /** Empties the object cache and the page cache of a site, and removes transients whose time is over. */
  'site-clear-caches': { role: 'act', slots: ['site'] },
  /** Removes the file that shows visitors a maintenance page, where it is older than ten minutes. */
  'site-remove-maintenance': { role: 'act', slots: ['site'] },
  /** Takes a plugin out of those that WordPress loads, and records what was taken out. */
  'site-deactivate-plugin': { role: 'act', slots: ['site', 'plugin', 'run'] },
  /** Puts back what `site-deactivate-plugin` of that run took out. */
  'site-activate-plugin': { role: 'act', slots: ['site', 'run'] },
  /** Repairs the tables of a site that its database server cannot open, with the site's own credentials. */
  'site-repair-tables': { role: 'act', slots: ['site'] },
  /** Has the site's pool of PHP-FPM empty its OPcache. */
  'site-reset-opcache': { role: 'act', slots: ['site'] },
  /** Puts back the files of WordPress itself that differ from the release, and records what stood there. */
  'site-restore-core': { role: 'act', slots: ['site', 'run'] },
  /** Puts back what `site-restore-core` of that run replaced. */
  'site-undo-restore-core': { role: 'act', slots: ['site', 'run'] },
  /** Renames a log of a site, has its writer begin a new one, and compresses what was rotated before. */
  'site-rotate-log': { role: 'act', slots: ['site', 'log'] },
  /** Frees space where nothing of a user's is. */
  'host-free-disk': { role: 'act', slots: ['host'] },
  /** Takes what each fix needs, and changes nothing. */
  'host-drill': { role: 'act', slots: ['host'] },
  /** Has certbot renew the certificate of a site where it is time, and reloads its web servers. */
  'site-renew-certificate': { role: 'act', slots: ['site'] },
  /** Restarts the php-fpm of a site, unless its configuration test fails. */
  'site-restart-php-fpm': { role: 'act', slots: ['site'] },
  /** Restarts a service by its manager. */
  'service-restart': { role: 'act', slots: ['service'] },
} as const satisfies Record<string, { role: Role; slots: readonly SlotKind[] }>;

/** The name of a verb. */
export type VerbName = keyof typeof verbs;

/** The verb of an action of steward.yml, or of its undo. */
export type CustomVerb = `custom-${string}` | `undo-custom-${string}`;

/** What may be sent to a host: a verb of Steward, or one that `steward host harden` wrote from steward.yml. */
export type SentVerb = VerbName | CustomVerb;

/** The verb of an action of steward.yml. */
export function customVerb(name: string): CustomVerb {
  return `custom-${checkedSlot(name)}`;
}

/** The verb of the undo of an action of steward.yml. */
export function customUndoVerb(name: string): CustomVerb {
  return `undo-custom-${checkedSlot(name)}`;
}

/** Whether a verb comes from steward.yml. */
export function isCustomVerb(verb: SentVerb): verb is CustomVerb {
  return !Object.hasOwn(verbs, verb);
}

/** Checks that a text may be sent as a slot; the host checks membership. Throws a TypeError otherwise. */
export function checkedSlot(text: string): string {
  if (!SLOT_PATTERN.test(text)) throw new TypeError(`not a slot: ${JSON.stringify(text.slice(0, 80))}`);
  return text;
}
