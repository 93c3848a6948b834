import { shippedPolicyNames } from '../helpers/known-names.ts';

const ordered = ['run-cron', 'publish-missed', 'restart-service'];
const othersThan = (...names: string[]) => shippedPolicyNames.filter((name) => !names.includes(name));

/** The fixtures `bad.<reason>.yml` of policies, each with the lines that it is refused with. */
export const refusedPolicies: readonly (readonly [reason: string, problems: readonly string[]])[] = [
  [
    'policy-match-empty',
    ['steward.yml:3:12: policies[0].match: found an empty list, expected a list that is not empty'],
  ],
  ['policy-samples', ['steward.yml:5:41: policies[0].verify.samples: found 0, expected 1 or more']],
  ['policy-is-text', ['steward.yml:1:12: policies[0]: found "fix-permissions", expected a mapping']],
  ['policies-are-mapping', ['steward.yml:1:11: policies: found a mapping, expected a list']],
  [
    'policy-twice',
    ['steward.yml:3:13: policies[1].name: found "fix-permissions", expected a name that is given once'],
  ],
  [
    'policy-unknown-shipped',
    [
      'steward.yml:2:5: policies[0].match: found nothing, expected a list',
      'steward.yml:2:5: policies[0].action: found nothing, expected a text',
      `steward.yml:2:13: policies[0].name: found "fix-permission", expected a shipped policy to change: ${shippedPolicyNames.join(', ')}; or one of your own, with match, action`,
    ],
  ],
  [
    'policy-mode',
    [
      'steward.yml:2:36: policies[0].mode: found "sometimes", expected observe, approve, auto, or earn(n) such as earn(5)',
    ],
  ],
  [
    'policy-match',
    ['steward.yml:3:13: policies[0].match[0]: found "a", expected a matcher such as alertname="SiteDown"'],
  ],
  [
    'policy-match-regex',
    [
      'steward.yml:3:13: policies[0].match[0]: found "a=~\\"(?=x)\\"", expected a regular expression without look-around, and with no flag but (?i) at its start',
    ],
  ],
  ['policy-limit', ['steward.yml:6:12: policies[0].limit: found 3, expected a limit such as `3 per 6h`']],
  [
    'policy-limit-window',
    ['steward.yml:6:12: policies[0].limit: found "3 per 0s", expected a limit such as `3 per 6h`'],
  ],
  [
    'policy-cooldown',
    [
      'steward.yml:6:15: policies[0].cooldown: found 1m, expected a cooldown of at least 3m, as long as the verification may take',
    ],
  ],
  [
    'policy-parameter',
    [
      'steward.yml:6:22: policies[0].with.service: found a mapping, expected a text, a number, true, false, or {label: name}',
    ],
  ],
  [
    'policy-parameter-name',
    [
      'steward.yml:6:13: policies[0].with.target: found "target", expected a name of letters, digits and "_", not target or host',
    ],
  ],
  [
    'guard-promql',
    ['steward.yml:5:13: policies[0].guard[0]: found "a ==", expected PromQL that parses; it ends too early'],
  ],
  [
    'guard-variable',
    [
      'steward.yml:5:13: policies[0].guard[0]: found "a{b=\\"$sevice\\"} == 1", expected one of $target, $host, $service where $sevice stands',
    ],
  ],
  [
    'guard-absence',
    [
      'steward.yml:5:13: policies[0].guard[0]: found "absent(a) == 1", expected a comparison with a value: nothing is concluded from absence',
    ],
  ],
  [
    'verify-promql',
    [
      'steward.yml:5:22: policies[0].verify.query: found "sum(a", expected PromQL that parses; it ends too early',
    ],
  ],
  [
    'verify-bool',
    [
      'steward.yml:5:22: policies[0].verify.query: found "a == bool 1", expected a comparison without `bool`, which has a value whether it holds or not',
    ],
  ],
  [
    'verify-alerts',
    [
      'steward.yml:5:22: policies[0].verify.query: found "ALERTS{alertname=\\"X\\"} == 1", expected the metric itself and not ALERTS, which is late',
    ],
  ],
  [
    'verify-absence',
    [
      'steward.yml:5:22: policies[0].verify.query: found "absent(a) == 1", expected a comparison with a value: nothing is concluded from absence',
    ],
  ],
  [
    'verify-no-comparison',
    [
      'steward.yml:5:22: policies[0].verify.query: found "a", expected a comparison such as `probe_success{instance="$target"} == 1`, which is empty when it does not hold',
    ],
  ],
  [
    'verify-constant',
    [
      'steward.yml:5:22: policies[0].verify.query: found "1 == 1", expected a query that reads at least one metric',
    ],
  ],
  [
    'verify-range',
    [
      'steward.yml:5:22: policies[0].verify.query: found "rate(a[5m]) == 0", expected a metric as it is now, not only over a range that began before the fix',
    ],
  ],
  [
    'verify-offset',
    [
      'steward.yml:5:22: policies[0].verify.query: found "a offset 5m == 1", expected no `offset` and no `@`: what was measured before the fix proves nothing',
    ],
  ],
  [
    'verify-variable-in-text',
    [
      'steward.yml:5:22: policies[0].verify.query: found "a{b=\\"x$target\\"} == 1", expected a variable as the whole of a value after = or !=, such as instance="$target", where "x$target" stands',
    ],
  ],
  [
    'verify-variable-in-regex',
    [
      'steward.yml:5:22: policies[0].verify.query: found "a{b=~\\"$target\\"} == 1", expected a variable as the whole of a value after = or !=, such as instance="$target", where "$target" stands',
    ],
  ],
  [
    'verify-default',
    [
      'steward.yml:5:22: policies[0].verify.query: found "a == 1 or vector(1) == 1", expected no vector(): it has a value even when nothing was measured',
    ],
  ],
  [
    'policy-mode-earn',
    [
      'steward.yml:2:36: policies[0].mode: found "earn", expected observe, approve, auto, or earn(n) such as earn(5)',
    ],
  ],
  [
    'policy-after',
    [
      `steward.yml:2:38: policies[0].after[0]: found "fix-permission", expected one of ${[...ordered, ...othersThan('fix-permissions', ...ordered)].join(', ')}`,
      'steward.yml:3:31: policies[1].after[0]: found "publish-missed", expected a policy that does not come after run-cron itself: neither would ever begin',
      'steward.yml:4:37: policies[2].after[0]: found "run-cron", expected a policy that does not come after publish-missed itself: neither would ever begin',
    ],
  ],
  [
    'policy-then-variable',
    [
      'steward.yml:2:5: policies[0].verify.query: found "host_service_up{instance=\\"$target\\", name=\\"$service\\"} == 1", expected one of $target, $host where $service stands',
    ],
  ],
  [
    'freeze',
    [
      'steward.yml:2:22: freezes[0].from: found "tomorrow", expected a time in UTC or with its offset, such as "2026-11-27T08:00:00Z"',
      'steward.yml:3:13: freezes[1].name: found "b", expected one of: `from` and `to`, `cron` and `for`, or `promql`',
      'steward.yml:4:48: freezes[2].to: found "2026-11-26T00:00:00Z", expected a time after `from`',
      'steward.yml:5:5: freezes[3].for: found nothing, expected both `cron` and `for`',
      'steward.yml:6:43: freezes[4].timezone: found "Europe/Berlin", expected `cron` beside it',
    ],
  ],
  [
    'freeze-promql',
    [
      'steward.yml:2:24: freezes[0].promql: found "a{", expected PromQL that parses; it ends too early',
      `steward.yml:2:41: freezes[0].policies[0]: found "nobody", expected one of ${shippedPolicyNames.join(', ')}`,
    ],
  ],
];
