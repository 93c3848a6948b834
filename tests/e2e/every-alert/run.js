import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { demoPackages, testPackages, unpackedPackages } from '../../../lab/debian-packages.js';
import { ensureNodeModules, installAll, unpackPackages } from '../../../lab/install.js';
import { root } from '../../steps.js';

// npm run -s every-alert: has each alert fire on the lab that can, for the night.
const { values } = parseArgs({ options: { yes: { type: 'boolean', default: false } } });
await installAll({ packages: [...demoPackages, ...testPackages], yes: values.yes, quiet: true });
await unpackPackages(unpackedPackages);
await ensureNodeModules();
const campaign = ['--verbose', '--testMatch', '<rootDir>/tests/e2e/every-alert/campaign.ts'];
const { status } = spawnSync('npm', ['run', '-s', 'test:unit', '--', ...campaign], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
