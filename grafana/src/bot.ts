import { botRestartMarks, runMarks } from './annotations.ts';
import { marketPanels, troublePanels } from './bot/market.ts';
import { holdingPanels, moneyPanels } from './bot/money.ts';
import { botStatePanels } from './bot/state.ts';
import { recordPanels, tradePanels } from './bot/trades.ts';
import type { ProvisionedDashboard } from './model.ts';
import { pages } from './pages.ts';
import { buildPage } from './shell.ts';

/** One bot in full; several can be chosen, but their money may be of different currencies. */
export function botDashboard(): ProvisionedDashboard {
  return buildPage(pages.bot, {
    from: 'now-7d',
    annotations: [runMarks(pages.bot), botRestartMarks()],
    rows: [
      { title: 'Is it there?', panels: botStatePanels },
      { title: 'Money', panels: moneyPanels },
      { title: 'Holdings and record', panels: holdingPanels },
      { title: 'Trades', panels: tradePanels },
      { title: 'What became of its trades', panels: recordPanels },
      { title: 'Does it keep up?', panels: marketPanels },
      { title: 'What went wrong?', panels: troublePanels },
    ],
  });
}
