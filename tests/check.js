import { ensureNodeModules } from '../lab/install.js';
import { runStaticChecks } from './steps.js';

// npm run check: the static checks alone.
await ensureNodeModules();
const { failed } = await runStaticChecks();
process.exitCode = failed === 0 ? 0 : 1;
