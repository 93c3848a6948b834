import { collectedTargets, type CollectedTarget } from '../../exporter/collect-once.ts';
import { seriesNameOf } from '../../exporter/metrics/metric.ts';
import { renderMetrics } from '../../exporter/metrics/render.ts';
import type { LoadedInventory } from '../../inventory/load.ts';
import { collectWithProgress, partJson, partLine } from '../collect.ts';
import { CommandError, type Command } from '../command.ts';
import { loadGood } from '../load.ts';

/** Prints all that can be known of one target now, those metrics too that the exporter reads in its background. */
export const exporterCollect: Command = {
  name: 'exporter collect',
  parameters: [],
  options: ['target', 'json'],
  summary: 'run all collectors of a target once, and print its metrics',
  async run({ configFile, isJson, target: id }, terminal) {
    const loaded = await loadGood(configFile);
    const [collected] = await collectWithProgress(loaded, [targetNamed(loaded, id)], terminal);
    if (collected === undefined) throw new Error('nothing was collected');
    const { target, parts, samples } = collected;
    if (isJson) {
      const series = samples.map((each) => ({
        name: seriesNameOf(each),
        labels: each.labels,
        value: each.value,
      }));
      terminal.print(`${JSON.stringify({ ...target, collectors: parts.map(partJson), series })}\n`);
    } else {
      terminal.print(await renderMetrics(samples));
      for (const part of parts) terminal.say(partLine(part));
    }
    return parts.every(({ failure }) => failure === undefined) ? 0 : 1;
  },
};

function targetNamed(loaded: LoadedInventory, id: string | undefined): CollectedTarget {
  const targets = collectedTargets(loaded);
  const known = targets.map((target) => target.id).join(', ');
  if (id === undefined)
    throw new CommandError(`--target is missing; steward.yml has ${known || 'no target'}`);
  if (Object.hasOwn(loaded.inventory.jobs, id))
    throw new CommandError(`${id} is a job: it reports by itself, and only the exporter has heard of it`);
  const found = targets.find((target) => target.id === id);
  if (found !== undefined) return found;
  throw new CommandError(`steward.yml has no ${JSON.stringify(id)}; it has ${known || 'no target'}`);
}
