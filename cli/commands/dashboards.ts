import type { Command } from '../command.ts';
import { loadGood } from '../load.ts';
import { writeForOwnStack } from '../write-for-own-stack.ts';

/** Writes the dashboards with the addresses and job names of the operator. */
export const dashboards: Command = {
  name: 'dashboards',
  parameters: ['<folder>'],
  options: [],
  summary: 'write the dashboards into a folder for a Grafana of your own, with your addresses and job_prefix',
  async run({ words: [folder = ''], configFile }, terminal) {
    const { inventory } = await loadGood(configFile);
    const shipped = new URL('../../grafana/dashboards/', import.meta.url);
    await writeForOwnStack({ shipped, folder, inventory }, terminal);
    terminal.say('let Grafana read them: a dashboard provider names their folder, or import them by hand');
    return 0;
  },
};
