import { registerHooks } from 'node:module';

/** The product's journals, by the ends of their addresses. */
const JOURNALS = ['/remediator/store/sqlite-journal.ts', '/remediator/store/postgres-journal.ts'];
const KILLING = new URL('killing-journal.ts', import.meta.url).href;

// Loaded before the remediator's own main: whoever imports a journal gets one that ends the process at a write.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const isJournal = JOURNALS.some((end) => resolved.url.endsWith(end)) && context.parentURL !== KILLING;
    return isJournal ? { ...resolved, url: KILLING } : resolved;
  },
});
