import { registerHooks } from 'node:module';

const TIMES = new URL('quick-lease-times.ts', import.meta.url).href;

// Loaded before the remediator's own main: leases last seconds, so that no test waits half a minute for one to end.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return resolved.url.endsWith('/remediator/store/lease-times.ts') ? { ...resolved, url: TIMES } : resolved;
  },
});
