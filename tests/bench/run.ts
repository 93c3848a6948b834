import { parseArgs } from 'node:util';
import type { Bench, Figure } from './figure.ts';
import { compose } from './compose.ts';
import { exporter } from './exporter.ts';
import { host } from './host.ts';
import { followLogs } from './logs.ts';
import { loop } from './loop.ts';
import { remediator } from './remediator.ts';
import { rules } from './rules.ts';
import { walk } from './walk.ts';

const benches: Readonly<Record<string, Bench>> = {
  compose,
  exporter,
  host,
  logs: followLogs,
  loop,
  remediator,
  rules,
  walk,
};

const usage = `Usage: npm run -s bench -- <name> [--json]

Measures speed and memory. The names: ${Object.keys(benches).join(', ')}.
--json prints the figures as JSON on standard output; progress goes to standard error.
Exit code: 0 when every figure is within its limit, 1 when one is not, 2 for a wrong call.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const name = positionals[0] ?? '';
  const bench = positionals.length === 1 && Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (bench === undefined) {
    console.error(usage);
    return 2;
  }
  const figures = await bench((line) => console.error(line));
  console.log(values.json ? JSON.stringify({ bench: name, figures }) : figures.map(formatFigure).join('\n'));
  return figures.every((figure) => figure.ok) ? 0 : 1;
}

function formatFigure({ name, value, unit, limit, better, ok, runs }: Figure): string {
  const bound = better === 'lower' ? 'at most' : 'at least';
  return `${ok ? 'ok  ' : 'OVER'} ${name}: ${value} ${unit} (${bound} ${limit}, ${runs} runs)`;
}

process.exitCode = await main();
