import { hourlyBars, lines, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No bots in steward.yml';

/** Whether a bot keeps up with its market. */
export function marketPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Since the loop ended',
        description: 'How long ago the bot last looked at its trades. Beyond the line it reacts to no price.',
        empty,
      },
      [
        {
          expr: `time() - freqtrade_last_process_timestamp_seconds{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's', limit: thresholds.botLoopSeconds },
    ),
    lines(
      {
        title: 'Age of candles',
        description:
          'How long ago the newest analysed candle of each pair began. More than two candles: data is late.',
        empty: 'No candles were read yet',
      },
      [
        {
          expr: `time() - freqtrade_candle_last_timestamp_seconds{${chosen}}`,
          legend: '{{instance}} {{pair}}',
        },
      ],
      { unit: 's' },
    ),
  ];
}

/** What goes wrong in a bot. */
export function troublePanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Answers of the API',
        description: 'How long the slowest request of Steward took. A busy bot answers late.',
        empty,
      },
      [
        {
          expr: `max by (job, instance) (freqtrade_api_request_duration_seconds{${chosen}})`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's' },
    ),
    hourlyBars(
      {
        title: 'Errors and warnings',
        description: 'In each hour, from its log file where steward.yml names one, else from the bot itself.',
        empty: 'Nothing was logged',
      },
      [
        { expr: problems('trading_bot_log_events_total'), legend: '{{instance}} {{level}}' },
        { expr: problems('freqtrade_log_events_total'), legend: '{{instance}} {{level}} (bot)' },
      ],
    ),
  ];
}

function problems(counter: string): string {
  return `sum by (job, instance, level) (increase(${counter}{${chosen}, level=~"warning|error|critical"}[$__rate_interval])) > 0`;
}
