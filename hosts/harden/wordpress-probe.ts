import { readFile } from 'node:fs/promises';

/** The files of the probe, in the order in which PHP takes them: what starts it is last. */
const FILES = [
  'frame',
  'connection',
  'site',
  'versions',
  'updates',
  'extensions',
  'database',
  'content',
  'start',
];

/** The one PHP text that `site-wordpress` runs, put together from its files. */
export async function wordPressProbe(): Promise<string> {
  const texts = await Promise.all(
    FILES.map((name) => readFile(new URL(`wordpress-probe/${name}.php`, import.meta.url), 'utf8')),
  );
  return `<?php\n${texts.map(withoutOpening).join('\n')}`;
}

function withoutOpening(text: string): string {
  return text.replace(/^<\?php\n/, '').trimEnd();
}
