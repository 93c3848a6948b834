import { collectedTargets, type Collected } from '../../exporter/collect-once.ts';
import { collectWithProgress, partJson, partName } from '../collect.ts';
import type { Command } from '../command.ts';
import { loadGood } from '../load.ts';

/** Says of every host, site and bot whether the exporter can read it from here. */
export const exporterCheck: Command = {
  name: 'exporter check',
  parameters: [],
  options: ['json'],
  summary: 'run all collectors of all targets once, and say which cannot read what they should',
  async run({ configFile, isJson }, terminal) {
    const loaded = await loadGood(configFile);
    const all = await collectWithProgress(loaded, collectedTargets(loaded), terminal);
    const ok = all.every(({ parts }) => parts.every(({ failure }) => failure === undefined));
    if (isJson) {
      const targets = all.map(({ target, parts }) => ({ ...target, collectors: parts.map(partJson) }));
      terminal.print(`${JSON.stringify({ ok, targets })}\n`);
      return ok ? 0 : 1;
    }
    for (const collected of all) terminal.print(summaryOf(collected));
    return ok ? 0 : 1;
  },
};

/** A host that is down makes most of its collectors fail for one reason, which is said once. */
function summaryOf({ target, parts, samples }: Collected): string {
  const failures = new Map<string, string[]>();
  for (const part of parts) {
    if (part.failure === undefined) continue;
    const reason = `${part.failure.reason}: ${part.failure.message}`;
    failures.set(reason, [...(failures.get(reason) ?? []), partName(part)]);
  }
  const failed = [...failures.values()].flat().length;
  const head = `${target.module} ${target.id}: ${parts.length - failed} of ${parts.length} collectors succeeded, ${samples.length} series\n`;
  return (
    head + [...failures].map(([reason, names]) => `  FAILED  ${names.join(', ')}\n    ${reason}\n`).join('')
  );
}
