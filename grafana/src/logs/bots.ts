import { hourlyBars, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

/** What bots say, in their log files or, without one, by their API. */
export function botLogPanels(): AnyPanel[] {
  const empty = 'No bots in steward.yml';
  return [
    hourlyBars({ title: 'Events of bots', description: 'In each hour, by level, from warnings up.', empty }, [
      { expr: counted('trading_bot_log_events_total', 'level'), legend: '{{instance}} {{level}}' },
      { expr: counted('freqtrade_log_events_total', 'level'), legend: '{{instance}} {{level}} (bot)' },
    ]),
    hourlyBars(
      {
        title: 'Messages of bots',
        description: 'In each hour, by what they are about, such as a limit of the exchange.',
        empty,
      },
      [
        { expr: counted('trading_bot_log_messages_total', 'kind'), legend: '{{instance}} {{kind}}' },
        { expr: counted('freqtrade_log_messages_total', 'kind'), legend: '{{instance}} {{kind}} (bot)' },
      ],
    ),
  ];
}

function counted(counter: string, label: 'level' | 'kind'): string {
  const bad = label === 'level' ? ', level=~"warning|error|critical"' : '';
  return `sum by (job, instance, ${label}) (increase(${counter}{${chosen}${bad}}[$__rate_interval])) > 0`;
}
