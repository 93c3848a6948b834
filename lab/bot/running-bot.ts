import { startFreqtradeDouble } from './freqtrade-double.ts';

/** A bot that is well: each second it says that its loop has just run. */
export interface RunningBot {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it. */
export async function startRunningBot(): Promise<RunningBot> {
  const bot = await startFreqtradeDouble();
  const startedAt = Math.floor(Date.now() / 1000);
  const beat = () => {
    const seconds = Math.floor(Date.now() / 1000);
    bot.answers.set('health', {
      last_process: new Date(seconds * 1000).toISOString(),
      last_process_ts: seconds,
      bot_start_ts: startedAt,
      bot_startup_ts: startedAt,
    });
  };
  beat();
  const timer = setInterval(beat, 1000);
  return {
    url: bot.url,
    async stop() {
      clearInterval(timer);
      await bot.stop();
    },
  };
}
