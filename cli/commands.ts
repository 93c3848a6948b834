import type { Command } from './command.ts';
import { approve, deny } from './commands/approve.ts';
import { backup } from './commands/backup.ts';
import { check } from './commands/check.ts';
import { dashboards } from './commands/dashboards.ts';
import { exporterBaseline } from './commands/exporter-baseline.ts';
import { exporterCheck } from './commands/exporter-check.ts';
import { exporterCollect } from './commands/exporter-collect.ts';
import { hostHarden } from './commands/host-harden.ts';
import { hostRemove } from './commands/host-remove.ts';
import { hostTrust } from './commands/host-trust.ts';
import { init } from './commands/init.ts';
import { journalCopy } from './commands/journal-copy.ts';
import { pause, resume } from './commands/pause.ts';
import { restore } from './commands/restore.ts';
import { rules } from './commands/rules.ts';
import { run } from './commands/run.ts';
import { runs } from './commands/runs.ts';
import { secrets } from './commands/secrets.ts';
import { up } from './commands/up.ts';
import { why } from './commands/why.ts';

/** Every command of `steward`. A new one is added here. */
export const commands: readonly Command[] = [
  init,
  check,
  secrets,
  hostTrust,
  hostHarden,
  hostRemove,
  rules,
  dashboards,
  up,
  exporterCheck,
  exporterCollect,
  exporterBaseline,
  runs,
  why,
  approve,
  deny,
  pause,
  resume,
  journalCopy,
  run,
  backup,
  restore,
];
