import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dashboards } from './dashboards.ts';
import { renderDashboard } from './render.ts';

const folder = path.join(import.meta.dirname, '../dashboards');

/** Writes every dashboard's file, or with `check` only compares. Returns the names of those that differed. */
export async function generateDashboards(target: string, check: boolean): Promise<string[]> {
  const changed: string[] = [];
  for (const [name, build] of Object.entries(dashboards)) {
    const file = path.join(target, `${name}.json`);
    const text = renderDashboard(build());
    if ((await readFile(file, 'utf8').catch(() => '')) === text) continue;
    changed.push(name);
    if (!check) await writeFile(file, text);
  }
  return changed;
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const changed = await generateDashboards(folder, check);
  if (check && changed.length > 0) {
    process.stderr.write(`not as generated: ${changed.join(', ')}; run \`npm run generate\`\n`);
    process.exitCode = 1;
  }
}
