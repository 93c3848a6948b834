import { lines, opens, type AnyPanel } from '../panels.ts';
import { pages } from '../pages.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

/** How visitors fare: uptime and errors. */
export function siteFigures(): AnyPanel[] {
  const empty = 'No sites in steward.yml';
  return [
    opens(
      lines(
        {
          title: 'Uptime of sites',
          description: 'Share of the probes of the last hour that were answered as they should.',
          empty,
        },
        [{ expr: `avg_over_time(probe_success{${chosen}}[1h])`, legend: '{{instance}}' }],
        { unit: 'percentunit', fitted: true, max: 1 },
      ),
      pages.site,
    ),
    opens(
      lines(
        {
          title: 'Errors that visitors got',
          description: 'Answers with a status of 5xx a minute, as the web server logged them.',
          empty: 'No access log in steward.yml',
        },
        [
          {
            expr: `60 * sum by (instance) (rate(wordpress_log_requests_total{status="5xx", ${chosen}}[$__rate_interval]))`,
            legend: '{{instance}}',
          },
        ],
        { unit: 'cpm' },
      ),
      pages.logs,
    ),
  ];
}

/** How the servers fare: the fullest resource of each. */
export function hostFigures(): AnyPanel[] {
  const empty = 'No hosts in steward.yml';
  return [
    opens(
      lines(
        {
          title: 'Memory available',
          description:
            'Share of the memory that programs can still have. Below the line the kernel soon ends one.',
          empty,
        },
        [
          {
            expr: `host_memory_available_bytes{${chosen}} / host_memory_total_bytes{${chosen}}`,
            legend: '{{instance}}',
          },
        ],
        { unit: 'percentunit', max: 1, limit: thresholds.memoryAvailableRatio },
      ),
      pages.host,
    ),
    opens(
      lines(
        {
          title: 'Disk free',
          description:
            'Share that ordinary accounts can still have, of the fullest file system of each host.',
          empty,
        },
        [
          {
            expr: `min by (instance) (host_filesystem_avail_bytes{${chosen}} / host_filesystem_size_bytes{${chosen}})`,
            legend: '{{instance}}',
          },
        ],
        { unit: 'percentunit', max: 1, limit: thresholds.diskFreeRatio },
      ),
      pages.host,
    ),
  ];
}

/** How the bots fare: equity and drawdown. */
export function botFigures(): AnyPanel[] {
  const empty = 'No bots in steward.yml';
  return [
    opens(
      lines(
        {
          title: 'Equity',
          description:
            'What each bot manages: of a freqtrade by what it began with, 100 % being the starting capital, and of a bot of another kind by its highest within a day.',
          empty,
        },
        [
          {
            expr: `freqtrade_equity_bot_stake{${chosen}} / freqtrade_starting_capital{${chosen}}`,
            legend: '{{instance}}',
          },
          {
            expr: `trading_bot_equity{${chosen}} / (max_over_time(trading_bot_equity{${chosen}}[1d]) > 0)`,
            legend: '{{instance}} in {{currency}}',
          },
        ],
        { unit: 'percentunit', fitted: true },
      ),
      pages.bot,
    ),
    opens(
      lines(
        {
          title: 'Drawdown',
          description: 'Fall of the balance from its high, now.',
          empty: 'No bot tells it: freqtrade does from API 2.45 on, others where steward.yml says how',
        },
        [
          {
            expr: `freqtrade_drawdown_current_ratio{${chosen}} or trading_bot_drawdown_ratio{${chosen}}`,
            legend: '{{instance}}',
          },
        ],
        { unit: 'percentunit', limit: thresholds.botDrawdownRatio },
      ),
      pages.bot,
    ),
  ];
}

/** How content and jobs fare: how long the queue lasts, and what is late. */
export function queueFigures(): AnyPanel[] {
  return [
    opens(
      lines(
        {
          title: 'Scheduled posts last for',
          description: 'Time until the last scheduled post is due. At 0 a site has nothing left to publish.',
          empty: 'No scheduled posts',
        },
        [
          {
            expr: `max by (instance) (content_scheduled_horizon_timestamp_seconds{${chosen}, post_type="post"}) - time()`,
            legend: '{{instance}}',
          },
        ],
        { unit: 's', limit: thresholds.scheduledSecondsLeft },
      ),
      pages.content,
    ),
    opens(
      lines(
        {
          title: 'Time left for jobs',
          description: 'Time until a job must have succeeded again, grace included. Below 0 it is late.',
          empty: 'No jobs in steward.yml',
        },
        [{ expr: `job_deadline_timestamp_seconds{${chosen}} - time()`, legend: '{{instance}}' }],
        { unit: 's' },
      ),
      pages.jobs,
    ),
  ];
}
