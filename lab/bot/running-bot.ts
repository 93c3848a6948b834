import { startFreqtradeDouble } from './freqtrade-double.ts';
import { gridAnswer } from './grid-answer.ts';

const STANDS_STILL_SECONDS = 20 * 60;

/** A bot that is well: each second it says that its loop has just run. */
export interface RunningBot {
  readonly url: string;
  /** What it answers, by path; whoever works with it may change them. */
  readonly answers: Map<string, unknown>;
  /** What it says at `grid`, but for when its loop ran, where another kind of bot answers; may be changed, too. */
  readonly grid: Record<string, unknown>;
  /** Begins anew, as after a restart of its process. */
  restart(): void;
  /** Has its loop stand still from now on, as if it had for twenty minutes. */
  stall(): void;
  stop(): Promise<void>;
}

/** Starts it, on a free port where none is given. */
export async function startRunningBot(port = 0): Promise<RunningBot> {
  const bot = await startFreqtradeDouble(port);
  const grid: Record<string, unknown> = { ...gridAnswer };
  let standsStillFor = 0;
  let startedAt = Math.floor(Date.now() / 1000);
  const beat = () => {
    const seconds = Math.floor(Date.now() / 1000) - standsStillFor;
    bot.answers.set('health', {
      last_process: new Date(seconds * 1000).toISOString(),
      last_process_ts: seconds,
      bot_start_ts: startedAt,
      bot_startup_ts: startedAt,
    });
    bot.answers.set('grid', { ...grid, looped_at: seconds });
  };
  beat();
  const timer = setInterval(beat, 1000);
  return {
    url: bot.url,
    answers: bot.answers,
    grid,
    restart() {
      // It tells whole seconds.
      startedAt = Math.max(startedAt + 1, Math.floor(Date.now() / 1000));
      beat();
    },
    stall() {
      standsStillFor = STANDS_STILL_SECONDS;
      clearInterval(timer);
      beat();
    },
    async stop() {
      clearInterval(timer);
      await bot.stop();
    },
  };
}
