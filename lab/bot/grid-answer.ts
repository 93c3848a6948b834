/** What a bot of another kind than freqtrade might say of itself, as the lab's steward.yml reads it; when its loop ran comes with each answer. */
export const gridAnswer = {
  state: 'running',
  positions: [{ pair: 'BTC/USDT' }, { pair: 'ETH/USDT' }],
  trades: 12,
  equity: '1034.50',
  profit: { realized: 31.2, unrealized: 3.3 },
  drawdown: 0.02,
  errors: 1,
};
