import { coreFile } from './core-file.ts';
import { cron } from './cron.ts';
import type { Fault } from './fault.ts';
import { largeLog } from './large-log.ts';
import { missedPost } from './missed-post.ts';
import { permissions } from './permissions.ts';
import { phpFpm } from './php-fpm.ts';
import { plugin } from './plugin.ts';

/** Every fault whose shipped alert fires at once, by its name. Those of others stand beside this file: a demo would wait for a quarter of an hour. */
export const faults: ReadonlyMap<string, Fault> = new Map(
  [permissions, phpFpm, cron, missedPost, plugin, largeLog, coreFile].map((fault) => [fault.name, fault]),
);
