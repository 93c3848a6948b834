import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadInventory } from '../../../inventory/load.ts';
import { formatProblem } from '../../../inventory/problem.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { checkQueries } from '../../../remediator/checks/check-queries.ts';
import { startTestPrometheus, type TestPrometheus } from '../../helpers/prometheus.ts';

const RULES = `
groups:
  - name: shipped-like
    rules:
      - { alert: Drifted, expr: drift > 0, labels: { severity: ticket } }
      - { alert: Burst, expr: 'increase(errors_total[15m]) > 5', labels: { severity: page } }
      - { alert: Both, expr: a > 0 and b > 0, labels: { severity: '{{ $labels.severity }}' } }
`;

let folder: TempFolder;
let prometheus: TestPrometheus;
beforeAll(async () => {
  folder = await createTempFolder('steward-check-queries');
  prometheus = await startTestPrometheus(join(folder.path, 'prometheus'), 1, RULES);
  await writeFile(join(folder.path, 'password'), 'none is asked for');
});
afterAll(async () => {
  await prometheus.stop();
  await folder.remove();
});

async function check(sections: string, url = prometheus.url): Promise<string[] | { notAsked: string }> {
  const file = join(folder.path, 'steward.yml');
  const text = `prometheus: { url: '${url}', password_file: password }\n${sections}`;
  await writeFile(file, text);
  const loaded = await loadInventory(file);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const checked = await checkQueries(loaded);
  if ('notAsked' in checked) return checked;
  return checked.problems.map((problem) => formatProblem({ ...problem, file: 'steward.yml' }));
}

const policy = (rest: string, match = 'alertname="Drifted"') =>
  `policies:\n  - { name: mine, match: ['${match}'], action: wordpress.run-cron, ${rest} }\n`;
const proved = `verify: { query: 'drift{instance="$target"} == 0' }`;

describe('Prometheus reads the queries of steward.yml once more', () => {
  test('and has nothing against those that are shipped, and those that are good', async () => {
    expect(await check(policy(`guard: ['host_up{instance="$host"} == 1'], ${proved}`))).toEqual([]);
    expect(await check('')).toEqual([]);
  });

  test('a guard, a proof and a freeze that the grammar alone lets through are refused, with its words', async () => {
    const guard = 'rate(host_up{instance="$host"}) == 1';
    const query = 'label_replace(drift{instance="$target"}, "a") == 0';
    const freezes = "freezes: [{ name: storm, promql: 'sum(up, up) > 1' }]\n";
    const sections = `${policy(`guard: ['${guard}'], verify: { query: '${query}' }`)}${freezes}`;
    expect(await check(sections)).toEqual([
      expect.stringMatching(
        /^steward\.yml:3:\d+: policies\[0\]\.guard\[0\]: found .* expected what Prometheus takes; it says: .*expected type range vector in call to function "rate"/,
      ),
      expect.stringMatching(/policies\[0\]\.verify\.query: .*label_replace/),
      expect.stringMatching(/freezes\[0\]\.promql: .*it says: /),
    ]);
  });

  test.each([
    ['is one comparison: a proof can be made', 'alertname="Drifted"', []],
    ['is not what the policy is for', 'alertname="Elsewhere"', []],
    ['looks back over a time', 'alertname=~"Dr.*|Burst"', ['the rule of Burst reads a range']],
    ['has several conditions', 'alertname="Both"', ['the rule of Both is not one comparison with a value']],
    ['has that severity', 'severity="page"', ['the rule of Burst', 'the rule of Both']],
    ['may have any severity', 'severity="info"', ['the rule of Both']],
  ])('a policy without a proof, whose rule %s', async (_what, match, said) => {
    expect(await check(policy('mode: auto', match))).toEqual(
      said.map((text): unknown => expect.stringContaining(text)),
    );
  });

  test('a proof that cannot have its samples in its time, for they are scraped more slowly, is refused', async () => {
    await waitUntil(
      async () =>
        (await fetch(`${prometheus.url}/api/v1/targets`)).text().then((text) => text.includes('200ms')),
      { what: 'the target' },
    );
    const asking = (samples: number) =>
      check(policy(`verify: { query: 'drift{instance="$target"} == 0', samples: ${samples}, within: 3s }`));
    expect(await asking(15)).toEqual([]);
    expect(await asking(16)).toEqual([
      expect.stringMatching(
        /policies\[0\]\.verify\.within: .*expected at least 3s200ms: Prometheus scrapes every 200ms, and 16 samples are asked for/,
      ),
    ]);
  });

  test('says why where Prometheus is not there, and finds nothing wrong', async () => {
    expect(await check(policy(proved), 'http://127.0.0.1:1')).toEqual({
      notAsked: expect.stringContaining('Prometheus gave no answer'),
    });
  });
});
