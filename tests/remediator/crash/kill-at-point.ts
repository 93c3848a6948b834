import { registerHooks } from 'node:module';

/** What stands in the place of the product's own modules, by the ends of their addresses. */
const KILLING = [
  ['/remediator/store/sqlite-journal.ts', 'killing-journal.ts'],
  ['/remediator/store/postgres-journal.ts', 'killing-journal.ts'],
  ['/remediator/run/perform.ts', 'killing-perform.ts'],
  ['/remediator/notify/webhook-notifier.ts', 'killing-notifier.ts'],
] as const;

// Loaded before the remediator's own main: whoever imports one of these gets what ends the process at a point that the environment names.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const [, file] = KILLING.find(([end]) => resolved.url.endsWith(end)) ?? [];
    if (file === undefined) return resolved;
    const { href } = new URL(file, import.meta.url);
    return context.parentURL === href ? resolved : { ...resolved, url: href };
  },
});
