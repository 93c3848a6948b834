import { z } from 'zod';
import { gauge, sample } from '../../metrics/metric.ts';
import { amount, known, labelText, timestamp, wordPressPart } from './part.ts';

const coreUpdate = gauge(
  'wordpress_core_update_available',
  'Whether WordPress noted an update of itself: severity="minor" is of the installed branch, such as 6.1, "major" a later one.',
  ['severity'],
);
const coreAutoUpdate = gauge(
  'wordpress_core_auto_update_enabled',
  'Whether WordPress would install such an update by itself, as its constants and settings say; filters of plugins are not seen.',
  ['severity'],
);
const extensionUpdates = gauge(
  'wordpress_extension_updates',
  'Updates that WordPress noted when it last asked for them. No series before it asked for the first time.',
  ['extension_kind'],
);
const checkedAt = gauge(
  'wordpress_update_check_timestamp_seconds',
  'When WordPress last asked for updates by itself, which its own cron does twice a day.',
  ['subject'],
);

const severities = ['minor', 'major'] as const;
const noted = z.object({ checked_at: timestamp, updates: amount.nullable() });

/** The updates that are to be had. */
export const updates = wordPressPart(
  'updates',
  z.object({
    core: z.object({
      checked_at: timestamp,
      minor: labelText.nullable(),
      major: labelText.nullable(),
      auto_update: z.object({ minor: z.boolean(), major: z.boolean() }),
    }),
    plugin: noted,
    theme: noted,
    translation: z.object({ updates: amount.nullable() }),
  }),
  [coreUpdate, coreAutoUpdate, extensionUpdates, checkedAt],
  ({ core, ...extensions }) => [
    ...severities.flatMap((severity) => [
      ...known(core.checked_at, () => sample(coreUpdate, Number(core[severity] !== null), { severity })),
      sample(coreAutoUpdate, Number(core.auto_update[severity]), { severity }),
    ]),
    ...(['plugin', 'theme', 'translation'] as const).flatMap((extension_kind) =>
      known(extensions[extension_kind].updates, (number) =>
        sample(extensionUpdates, number, { extension_kind }),
      ),
    ),
    ...known(core.checked_at, (time) => sample(checkedAt, time, { subject: 'core' })),
    ...(['plugin', 'theme'] as const).flatMap((subject) =>
      known(extensions[subject].checked_at, (time) => sample(checkedAt, time, { subject })),
    ),
  ],
);
