import type { Command } from '../command.ts';
import { loadGood } from '../load.ts';
import { writeForOwnStack } from '../write-for-own-stack.ts';

/** Writes the alert rules with the addresses and job names of the operator. */
export const rules: Command = {
  name: 'rules',
  parameters: ['<folder>'],
  options: [],
  summary:
    'write the alert rules into a folder, with the external_url of remediator and grafana in their links, and your job_prefix',
  async run({ words: [folder = ''], configFile }, terminal) {
    const { inventory } = await loadGood(configFile);
    const shipped = new URL('../../prometheus/rules/', import.meta.url);
    await writeForOwnStack({ shipped, folder, inventory }, terminal);
    terminal.say(
      'let Prometheus read them: rule_files names them, and SIGHUP or a restart has it look again',
    );
    return 0;
  },
};
