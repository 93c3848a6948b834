import { CommandError, type Command } from '../command.ts';
import { loadGood } from '../load.ts';
import { askService } from '../service-api.ts';

/** The exporter walks the site meanwhile. */
const TIMEOUT_MS = 150_000;

/** Has the exporter take the site as it is now for its new baseline. */
export const exporterBaseline: Command = {
  name: 'exporter baseline',
  parameters: ['<site>'],
  options: [],
  summary: 'take a site as it is now for the one that its files are compared with',
  async run({ words: [site = ''], configFile }, { print, say }) {
    const loaded = await loadGood(configFile);
    const { exporter, sites } = loaded.inventory;
    if (!Object.hasOwn(sites, site)) {
      const known = Object.keys(sites).join(', ');
      throw new CommandError(`steward.yml has no site ${JSON.stringify(site)}; it has ${known || 'none'}`);
    }
    say(`looking at ${site}`);
    const { url, username, password_file: passwordFile } = exporter;
    await askService(
      loaded,
      { name: 'exporter', url, username, passwordFile, timeoutMs: TIMEOUT_MS },
      { path: `/baseline?target=${site}`, method: 'POST' },
    );
    print(`${site} is compared with what it is now\n`);
    return 0;
  },
};
