import { createFreqtradeClients } from '../../bots/freqtrade-clients.ts';
import type { Collector } from '../../collector.ts';
import type { BotTarget } from '../../targets/target.ts';
import { createBalanceCollector } from './balance.ts';
import { createCandlesCollector } from './candles.ts';
import { createDailyCollector } from './daily.ts';
import { createExitsCollector } from './exits.ts';
import { createLocksCollector } from './locks.ts';
import { createMessagesCollector } from './messages.ts';
import { createPairListsCollector } from './pair-lists.ts';
import { createPerformanceCollector } from './performance.ts';
import { createProfitCollector } from './profit.ts';
import { createStateCollector } from './state.ts';
import { createTradesCollector } from './trades.ts';

/** The collectors of a freqtrade bot: one for each slow part of its API, so that one that hangs costs its own series alone. */
export function createFreqtradeCollectors(stateFolder: () => string): Collector<BotTarget>[] {
  const clientOf = createFreqtradeClients();
  return [
    createStateCollector(clientOf),
    createTradesCollector(clientOf),
    createProfitCollector(clientOf),
    createBalanceCollector(clientOf),
    createExitsCollector(clientOf, stateFolder),
    createLocksCollector(clientOf),
    createDailyCollector(clientOf),
    createPerformanceCollector(clientOf),
    createPairListsCollector(clientOf),
    createCandlesCollector(clientOf),
    createMessagesCollector(clientOf, stateFolder),
  ];
}
