/** What a bot answers, by path: the values are those of freqtrade's own tests for API 2.40, as far as they show them. */
export const documentedAnswers: readonly (readonly [path: string, body: unknown])[] = [
  ['ping', { status: 'pong' }],
  [
    'show_config',
    {
      version: '2024.10',
      api_version: 2.4,
      dry_run: true,
      trading_mode: 'spot',
      stake_currency: 'BTC',
      stake_amount: 'unlimited',
      max_open_trades: -1,
      stoploss: -0.1,
      timeframe: '5m',
      timeframe_ms: 300_000,
      timeframe_min: 5,
      exchange: 'binance',
      strategy: 'SampleStrategy',
      bot_name: 'freqtrade',
      state: 'running',
      runmode: 'dry_run',
    },
  ],
  [
    'health',
    {
      last_process: '2026-11-23 09:29:03+00:00',
      last_process_ts: 1_795_426_143,
      bot_start_ts: 1_795_420_000,
      bot_startup_ts: 1_795_419_990,
    },
  ],
  [
    'status',
    [
      {
        trade_id: 7,
        pair: 'ETH/BTC',
        is_short: false,
        open_timestamp: 1_795_425_000_000,
        stake_amount: 0.001,
        profit_ratio: -0.0041,
        profit_abs: -0.000_004_1,
        stoploss_current_dist_ratio: 0.0993,
      },
      {
        trade_id: 8,
        pair: 'LTC/BTC',
        is_short: true,
        open_timestamp: 1_795_425_600_000,
        stake_amount: 0.002,
        profit_ratio: null,
        profit_abs: null,
        stoploss_current_dist_ratio: null,
      },
    ],
  ],
  [
    'profit',
    {
      profit_closed_coin: -0.005_429_13,
      profit_closed_ratio: -0.000_005_429,
      profit_closed_fiat: -67.02,
      profit_all_coin: -14.871_675_25,
      profit_all_ratio: -0.014_871_535,
      trade_count: 6,
      closed_trade_count: 2,
      latest_trade_timestamp: 1_795_425_600_000,
      winning_trades: 1,
      losing_trades: 1,
      profit_factor: 0.027_757_248_357_711_06,
      winrate: 0.5,
      expectancy: -0.002_714_563_5,
      expectancy_ratio: -0.486_121_375_821_144_25,
      max_drawdown: 0.05,
      max_drawdown_abs: 0.005_6,
      trading_volume: 75.945,
      bot_start_timestamp: 0,
      bot_start_date: '',
    },
  ],
  [
    'balance',
    {
      currencies: [
        {
          currency: 'BTC',
          free: 12,
          balance: 12,
          used: 0,
          est_stake: 12,
          est_stake_bot: 11.879_999,
          stake: 'BTC',
          is_position: false,
        },
        {
          currency: 'XRP',
          free: 3,
          balance: 3,
          used: 0,
          est_stake: 0.159_513_094,
          stake: 'BTC',
          is_position: false,
        },
        {
          currency: 'ETH/BTC',
          free: 0,
          balance: 0,
          used: 0,
          est_stake: 3,
          stake: 'BTC',
          is_position: true,
        },
      ],
      total: 12.159_513_094,
      total_bot: 11.879_999,
      symbol: 'USD',
      value: 150_102.6,
      stake: 'BTC',
      note: 'Simulated balances',
      starting_capital: 10,
    },
  ],
  [
    'stats',
    {
      exit_reasons: {
        roi: { wins: 1, losses: 0, draws: 0 },
        stop_loss: { wins: 0, losses: 1, draws: 0 },
        my_own_signal: { wins: 2, losses: 1, draws: 1 },
      },
      durations: { wins: 3600, draws: null, losses: 1800.5 },
    },
  ],
  [
    'locks',
    {
      lock_count: 1,
      locks: [
        {
          id: 1,
          active: true,
          lock_end_time: '2026-11-23 10:30:00',
          lock_end_timestamp: 1_795_429_800_000,
          lock_time: '2026-11-23 09:30:00',
          lock_timestamp: 1_795_426_200_000,
          pair: '*',
          side: '*',
          reason: 'StoplossGuard',
        },
      ],
    },
  ],
  [
    'daily?timescale=2',
    {
      data: [
        {
          date: '2026-11-23',
          abs_profit: -0.0012,
          rel_profit: -0.000_12,
          starting_balance: 10,
          fiat_value: -14.8,
          trade_count: 3,
        },
        {
          date: '2026-11-22',
          abs_profit: 0.02,
          rel_profit: 0.002,
          starting_balance: 9.98,
          fiat_value: 246.9,
          trade_count: 7,
        },
      ],
      fiat_display_currency: 'USD',
      stake_currency: 'BTC',
    },
  ],
  [
    'performance',
    [
      {
        count: 1,
        pair: 'LTC/ETH',
        profit: 7.61,
        profit_pct: 7.61,
        profit_ratio: 0.076_092_03,
        profit_abs: 0.018_722_8,
      },
      {
        count: 1,
        pair: 'XRP/ETH',
        profit: -5.57,
        profit_pct: -5.57,
        profit_ratio: -0.055_704_19,
        profit_abs: -0.115_037_5,
      },
    ],
  ],
  ['whitelist', { whitelist: ['ETH/BTC', 'XRP/BTC', 'NEO/BTC'], length: 3, method: ['StaticPairList'] }],
  [
    'blacklist',
    {
      blacklist: ['DOGE/BTC', 'HOT/BTC'],
      blacklist_expanded: [],
      errors: {},
      length: 2,
      method: ['StaticPairList'],
    },
  ],
  ...['ETH/BTC', 'LTC/BTC', 'XRP/BTC'].map((pair) => candles(pair, 1_795_425_900_000, 1_795_426_201)),
  // What a pair has that was not analysed yet.
  candles('NEO/BTC', 0, 0),
  [
    'logs',
    {
      log_count: 3,
      logs: [
        message(1_795_426_143_001.5, 'worker', 'INFO', 'Changing state to: RUNNING'),
        message(
          1_795_426_150_120.25,
          'exchange.common',
          'WARNING',
          'fetch_ticker() returned exception: "binance GET 429". Retrying still for 3 times.',
        ),
        message(
          1_795_426_203_000,
          'worker',
          'INFO',
          "Bot heartbeat. PID=1, version='2024.10', state='RUNNING'",
        ),
      ],
    },
  ],
];

/** One message of /logs, without its time as text. */
export function message(timeMs: number, logger: string, level: string, text: string): readonly unknown[] {
  return ['2026-11-23 09:29:03', timeMs, `freqtrade.${logger}`, level, text];
}

function candles(pair: string, stopMs: number, analyzedSeconds: number): [path: string, body: unknown] {
  return [
    `pair_candles?${new URLSearchParams({ pair, timeframe: '5m', limit: '1' }).toString()}`,
    {
      strategy: 'SampleStrategy',
      pair,
      timeframe: '5m',
      timeframe_ms: 300_000,
      columns: ['date', 'open', 'high', 'low', 'close', 'volume'],
      data: stopMs === 0 ? [] : [[stopMs, 1, 2, 1, 2, 3]],
      length: stopMs === 0 ? 0 : 1,
      last_analyzed: '2026-11-23T09:30:01+00:00',
      last_analyzed_ts: analyzedSeconds,
      data_start_ts: stopMs,
      data_stop_ts: stopMs,
    },
  ];
}
