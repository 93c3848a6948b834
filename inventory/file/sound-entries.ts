import type { z } from 'zod';
import { botSchema } from '../schema/bot.ts';
import { hostSchema } from '../schema/host.ts';
import type { Inventory } from '../schema/inventory.ts';
import { jobSchema } from '../schema/job.ts';
import { siteSchema } from '../schema/site.ts';
import { withoutPrototype } from '../schema/values.ts';

/** The sections whose entries have ids. */
export type Entries = Pick<Inventory, 'hosts' | 'sites' | 'bots' | 'jobs'>;

/**
 * Picks the entries that pass the schema, so that what is wrong between them can be told in the same breath as what is wrong
 * within the others. What stands on a host that does not pass is left out: nothing can be said of it yet.
 */
export function soundEntries(raw: Readonly<Record<string, unknown>>): Entries {
  const hosts = soundOf(raw['hosts'], hostSchema);
  const unsound = new Set(Object.keys(mappingOf(raw['hosts'])).filter((id) => hosts[id] === undefined));
  const standing = <Entry extends { readonly host?: string | undefined }>(entries: Record<string, Entry>) =>
    withoutPrototype(
      Object.fromEntries(
        Object.entries(entries).filter(([, { host }]) => host === undefined || !unsound.has(host)),
      ),
    );
  return {
    hosts,
    sites: standing(soundOf(raw['sites'], siteSchema)),
    bots: standing(soundOf(raw['bots'], botSchema)),
    jobs: standing(soundOf(raw['jobs'], jobSchema)),
  };
}

function soundOf<Schema extends z.ZodType>(
  section: unknown,
  schema: Schema,
): Record<string, z.output<Schema>> {
  const pairs = Object.entries(mappingOf(section)).flatMap(([id, value]) => {
    const result = schema.safeParse(value);
    return result.success ? [[id, result.data] as const] : [];
  });
  return withoutPrototype(Object.fromEntries(pairs));
}

function mappingOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
