import { opens, stateTimeline, upOrDown, type AnyPanel } from '../panels.ts';
import { pages } from '../pages.ts';
import { chosen } from '../query.ts';
import { thresholds } from '../thresholds.ts';

const empty = 'No bots in steward.yml';

/** Whether a bot answers, and what it says of itself. */
export function botStatePanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'Answers',
        description: 'Whether the API of the bot answers, and whether it takes the login of steward.yml.',
        empty,
      },
      [
        { expr: `freqtrade_up{${chosen}}`, legend: '{{instance}} API' },
        { expr: `freqtrade_auth_ok{${chosen}}`, legend: '{{instance}} login' },
      ],
      upOrDown,
    ),
    opens(
      stateTimeline(
        {
          title: 'State',
          description: 'What the bot said of itself: the state that has a line in colour.',
          empty,
        },
        [
          { expr: `freqtrade_state{${chosen}} == 1`, legend: '{{instance}} {{state}}' },
          { expr: `freqtrade_dry_run{${chosen}} == 1`, legend: '{{instance}} only simulates' },
          {
            expr: `(changes(freqtrade_bot_start_timestamp_seconds{${chosen}}[1h]) >= bool ${thresholds.botRestarts.value}) == 1`,
            legend: '{{instance}} starts again and again',
          },
        ],
        { 1: { text: 'In this state', color: 'blue' } },
      ),
      pages.logs,
    ),
  ];
}
