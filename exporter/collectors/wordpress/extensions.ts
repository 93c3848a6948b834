import { z } from 'zod';
import { gauge, sample, type Sample } from '../../metrics/metric.ts';
import { amount, labelText, wordPressPart } from './part.ts';

const count = gauge('wordpress_extensions', 'Plugins and themes by status, must-use plugins and drop-ins.', [
  'extension_kind',
  'status',
]);
const autoUpdate = gauge(
  'wordpress_extensions_auto_update',
  'Plugins and themes that WordPress updates by itself, as chosen on its pages.',
  ['extension_kind'],
);
const info = gauge(
  'wordpress_extension_info',
  'Always 1, for 100 plugins and 100 themes: those with an update first, then the active ones. Empty is an update_version where none is noted.',
  ['extension_kind', 'slug', 'version', 'status', 'update_version'],
);

const MOST_NAMED = 100;
const metrics = [count, autoUpdate, info];

const extension = z.object({
  slug: labelText,
  version: labelText,
  status: z.enum(['active', 'inactive']),
  auto_update: z.boolean(),
  update: labelText.nullable(),
});
const extensions = z.object({
  active: amount,
  inactive: amount,
  auto_update: amount,
  named: z.array(extension).max(200),
});

type Extensions = z.output<typeof extensions>;

/** The plugins. */
export const plugins = wordPressPart(
  'plugins',
  extensions.extend({ must_use: amount, dropin: amount }),
  metrics,
  (value) => [
    ...samplesOf('plugin', value),
    sample(count, value.must_use, { extension_kind: 'plugin', status: 'must_use' }),
    sample(count, value.dropin, { extension_kind: 'plugin', status: 'dropin' }),
  ],
);

/** The themes. */
export const themes = wordPressPart('themes', extensions, metrics, (value) => samplesOf('theme', value));

function samplesOf(extension_kind: 'plugin' | 'theme', value: Extensions): Sample[] {
  // A folder may hold two plugins: they have the same slug.
  const named = new Map(value.named.map((one) => [one.slug, one]));
  return [
    sample(count, value.active, { extension_kind, status: 'active' }),
    sample(count, value.inactive, { extension_kind, status: 'inactive' }),
    sample(autoUpdate, value.auto_update, { extension_kind }),
    ...[...named.values()]
      .slice(0, MOST_NAMED)
      .map(({ slug, version, status, update }) =>
        sample(info, 1, { extension_kind, slug, version, status, update_version: update ?? '' }),
      ),
  ];
}
