import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { STORE_IMAGE } from './database-images.ts';

const STORE = 'http://victoria-metrics:8428';
const PASSWORD = 'store-password';
/** The operator's store, as docs/scale.md says that it is to be started. */
const withStore = {
  services: {
    grafana: { profiles: ['left-out'] },
    'victoria-metrics': {
      image: STORE_IMAGE,
      networks: ['steward'],
      command: [
        '-storageDataPath=/data',
        '-search.latencyOffset=1s',
        '-httpAuth.username=steward',
        `-httpAuth.password=${PASSWORD}`,
      ],
    },
  },
};

/**
 * Turns a clone that was quickened and prepared for the demo into what docs/journal.md and docs/scale.md describe, with the texts that stand there: the
 * profiles `postgres` and `scale` together, and a VictoriaMetrics in the same network as the store.
 */
export async function enlarge(folder: string): Promise<void> {
  const journal = await readFile(join(folder, 'docs/journal.md'), 'utf8');
  const scale = (await readFile(join(folder, 'docs/scale.md'), 'utf8')).replaceAll(
    'https://store.example',
    STORE,
  );
  const inContainers = journal.slice(journal.indexOf('## In containers'));
  const [, password = ''] = /^1\. `(.*)`$/m.exec(inContainers) ?? [];
  await runCommand(['sh', '-c', password], { cwd: folder });
  await writeFile(join(folder, 'secrets/queries_password'), PASSWORD);
  const both = 'COMPOSE_PROFILES=postgres,scale\n';
  await writeFile(join(folder, '.env'), blockOf(inContainers, 'sh') + blockOf(scale, 'sh') + both);
  await change(folder, 'docker-compose.override.yml', (text) => merged(text, dump(withStore)));
  await change(folder, 'steward.yml', (text) =>
    merged(text, blockOf(inContainers, 'yaml'), blockOf(scale, 'yaml')),
  );
  await change(folder, 'alertmanager/alertmanager.yml', (text) =>
    text.replace(/( +- url: http:\/\/remediator:9841[^]*?)\n\n/, (_, webhook: string) =>
      [webhook, webhook.replace('remediator:', 'remediator-2:'), '\n'].join('\n'),
    ),
  );
  await change(folder, 'prometheus/prometheus-scale.yml', (text) =>
    text
      .replace('https://store.example', STORE)
      .replace("['remediator:9841']", "['remediator:9841', 'remediator-2:9841']"),
  );
}

/** The first block of a language in a page, without its indentation. */
function blockOf(page: string, language: string): string {
  const [, text = ''] = new RegExp(`\`\`\`${language}\n([^\`]*)\`\`\``).exec(page) ?? [];
  const width = /^ */.exec(text)?.[0].length ?? 0;
  return text.replaceAll(new RegExp(`^ {0,${width}}`, 'gm'), '');
}

async function change(folder: string, name: string, to: (text: string) => string): Promise<void> {
  const text = await readFile(join(folder, name), 'utf8');
  const changed = to(text);
  if (changed === text) throw new Error(`${name} has nothing to change`);
  await writeFile(join(folder, name), changed);
}

/** One steward.yml with the sections of all, where a later one's entries win. */
function merged(...texts: readonly string[]): string {
  const sections: Record<string, object> = {};
  for (const text of texts) {
    for (const [name, section] of Object.entries(load(text) as Record<string, object>))
      sections[name] = Array.isArray(section) ? section : { ...sections[name], ...section };
  }
  return dump(sections);
}
