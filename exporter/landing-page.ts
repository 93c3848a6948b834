import type { TargetGroup } from './targets.ts';

/** Writes the page at `/`: links to everything that the exporter serves. Ids are plain words, so nothing needs escaping. */
export function landingPage(version: string, groups: readonly TargetGroup[]): string {
  const links = groups.map(({ labels }) => {
    const query = labels['__param_module'];
    const path =
      query === undefined
        ? '/metrics'
        : `/probe?module=${query}&amp;target=${labels['__param_target'] ?? ''}`;
    return `<li><a href="${path}">${labels['job'] ?? ''} ${labels['instance'] ?? ''}</a></li>`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Steward exporter</title></head>
<body>
<h1>Steward exporter ${version}</h1>
<ul>
${links.join('\n')}
<li><a href="/targets">targets, for Prometheus</a></li>
<li><a href="/-/healthy">health</a></li>
<li><a href="/-/ready">readiness</a></li>
</ul>
</body>
</html>
`;
}
