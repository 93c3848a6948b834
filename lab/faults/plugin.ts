import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changeWordPress } from './change-wordpress.ts';
import type { Fault } from './fault.ts';

/** A plugin whose update was a bad one: each page ends with a fatal error. */
export const plugin: Fault = {
  name: 'plugin',
  description: 'a plugin calls a function that does not exist, and visitors get an error',
  async inject(site) {
    const folder = join(site.path, 'wp-content', 'plugins', 'steward-lab-broken');
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'steward-lab-broken.php'),
      '<?php\n/* Plugin Name: Broken by an update */\nif (PHP_SAPI !== "cli") this_is_no_function();\n',
    );
    await changeWordPress(site, 'plugin');
  },
  seenQuery: 'probe_success{instance="blog"} == 0',
  alertname: 'WordPressPluginBreaksSite',
  instance: 'blog',
  policy: 'deactivate-plugin',
};
