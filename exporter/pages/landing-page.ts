import type { TargetGroup } from '../targets/targets.ts';
import { escapeHtml, htmlPage } from './html.ts';
import type { KeptResult, KeptResults } from './kept-results.ts';

/** Writes the page at `/`: each target with its last scrape, the last that failed, and links to what else the exporter serves. */
export function landingPage(
  version: string,
  groups: readonly TargetGroup[],
  results: Pick<KeptResults, 'latest' | 'failures'>,
): string {
  const targets = groups.map(({ labels }) => {
    const [module, id] = [labels.job, labels['instance'] ?? ''];
    return row([targetLink(labels, `${module} ${id}`), ...resultCells(results.latest(module, id))]);
  });
  const failures = results
    .failures()
    .map((result) => row([escapeHtml(`${result.module} ${result.target}`), ...resultCells(result)]));
  const title = `Steward exporter ${version}`;
  return htmlPage(
    title,
    `<h1>${escapeHtml(title)}</h1>
<h2>Targets</h2>
${table(targets)}
<h2>Last failures</h2>
${failures.length === 0 ? '<p>None since the exporter started.</p>' : table(failures)}
<ul>
<li><a href="/targets">targets, for Prometheus</a></li>
<li><a href="/-/healthy">health</a></li>
<li><a href="/-/ready">readiness</a></li>
</ul>`,
  );
}

function targetLink(labels: TargetGroup['labels'], name: string): string {
  const module = labels['__param_module'];
  if (module === undefined) return link('/metrics', name);
  const query = new URLSearchParams({ module, target: labels['__param_target'] ?? '' }).toString();
  return `${link(`/probe?${query}`, name)} (${link(`/probe?${query}&debug=true`, 'debug')})`;
}

function resultCells(result: KeptResult | undefined): string[] {
  if (result === undefined) return ['not scraped yet', '', '', ''];
  const { number, startedAtMs, ok, failed } = result;
  return [
    new Date(startedAtMs).toISOString(),
    String(ok),
    String(failed),
    link(`/results/${number}`, `result ${number}`),
  ];
}

function link(path: string, text: string): string {
  return `<a href="${escapeHtml(path)}">${escapeHtml(text)}</a>`;
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function table(rows: readonly string[]): string {
  return `<table>
<tr><th>target</th><th>last scrape</th><th>ok</th><th>failed</th><th>result</th></tr>
${rows.join('\n')}
</table>`;
}
