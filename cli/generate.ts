import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { inventoryJsonSchema } from '../inventory/json-schema.ts';

/** Writes inventory/steward.schema.json, or with --check says whether it is up to date. */
async function main(): Promise<number> {
  const file = fileURLToPath(new URL('../inventory/steward.schema.json', import.meta.url));
  const generated = `${JSON.stringify(inventoryJsonSchema(), null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    await writeFile(file, generated);
    return 0;
  }
  if ((await readFile(file, 'utf8')) === generated) return 0;
  console.error(`${file} is out of date: run npm run generate`);
  return 1;
}

process.exitCode = await main();
