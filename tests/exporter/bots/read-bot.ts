import type { Collector } from '../../../exporter/collector.ts';
import type { BotTarget } from '../../../exporter/targets/target.ts';
import type { Host } from '../../../hosts/host.ts';
import { botSchema } from '../../../inventory/schema/bot.ts';
import { Secret } from '../../../inventory/secret.ts';
import { FREQTRADE_LOGIN } from '../../../lab/bot/freqtrade-double.ts';
import { collectAll } from '../../helpers/collect.ts';

/** A bot of steward.yml at an address. */
export function botTarget(
  url: string,
  { password = FREQTRADE_LOGIN.password, log }: { password?: string | undefined; log?: string } = {},
): BotTarget {
  const entry = botSchema.parse({
    kind: 'freqtrade',
    url,
    username: FREQTRADE_LOGIN.username,
    password_file: 'secrets/bot',
    host: 'web1',
    ...(log !== undefined && { log }),
  });
  return {
    id: 'trend',
    entry,
    host: {} as Host,
    readSecretFile: () => Promise.resolve(new Secret(password)),
  };
}

/** The series of a collector, as name and labels with their values. */
export async function readSeries(
  collector: Collector<BotTarget> | undefined,
  target: BotTarget,
  signal?: AbortSignal,
): Promise<Record<string, number>> {
  if (collector === undefined) throw new Error('no such collector');
  const samples = await collectAll(collector, target, signal);
  return Object.fromEntries(
    samples.map(({ metric, labels, value }) => [[metric.name, ...Object.values(labels)].join(' '), value]),
  );
}
