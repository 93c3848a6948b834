import { askWordPress, type WordPressAnswer } from '../../clients/wordpress-probe.ts';
import type { Collector } from '../../collector.ts';
import { gauge, sample, type Sample } from '../../metrics/metric.ts';
import type { SiteTarget } from '../../targets/target.ts';
import { content } from './content.ts';
import { load, versions } from './core.ts';
import { cron } from './cron.ts';
import { database, options } from './database.ts';
import { plugins, themes } from './extensions.ts';
import type { WordPressPart } from './part.ts';
import { caches, debug, health } from './settings.ts';
import { updates } from './updates.ts';
import { userRoles } from './users.ts';

const up = gauge(
  'wordpress_up',
  'Whether WordPress itself loads, without plugins and themes, and its database answers. Whether visitors get their pages is probe_success.',
);
const partSuccess = gauge(
  'wordpress_probe_part_success',
  'Whether this part of the answer could be had when WordPress was last asked.',
  ['part'],
);

const parts: readonly WordPressPart[] = [
  load,
  versions,
  updates,
  plugins,
  themes,
  health,
  cron,
  options,
  caches,
  userRoles,
  debug,
  database,
  content,
];

const metrics = [...new Set([up, partSuccess, ...parts.flatMap((part) => part.metrics)])];

/** What WordPress tells of itself. */
export const wordpress: Collector<SiteTarget> = {
  name: 'wordpress',
  metrics,
  background: {
    intervalMs: 60_000,
    metrics,
    read: async (target, signal) => wordPressSamples(await askWordPress(target, signal)),
  },
};

/** Makes samples of an answer. A part that is missing, or is not what it should be, costs its own series alone. */
function wordPressSamples({ parts: answers }: WordPressAnswer): Sample[] {
  const read = parts.map((part) => ({ part: part.name, samples: part.samples(answers[part.name]) }));
  const isUp = read.some(({ part, samples }) => part === load.name && samples !== undefined);
  return [
    sample(up, Number(isUp)),
    ...read.map(({ part, samples }) => sample(partSuccess, Number(samples !== undefined), { part })),
    ...read.flatMap(({ samples }) => samples ?? []),
  ];
}
