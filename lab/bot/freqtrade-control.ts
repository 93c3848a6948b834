/** What a bot can be told by its API, and what becomes of it. */
export interface FreqtradeControl {
  /** The commands that it was given, in order. */
  readonly told: string[];
  /** The state that its configuration has it begin in. */
  initialState: 'running' | 'stopped';
  /** Older versions have no state `paused`: they stay `running` with room for no trade. */
  isOlder: boolean;
  /** Does as it is told, and returns what it says of it; undefined where it knows no such command. */
  follow(command: string): string | undefined;
  /** Begins anew, as after a restart of its process: nothing that it was told outlives that. */
  restart(): void;
}

/** How long it reads its configuration. */
const RELOAD_MS = 50;

/** Makes it, on what the bot answers. It does as `freqtrade/rpc/rpc.py` does. */
export function createFreqtradeControl(answers: Map<string, unknown>): FreqtradeControl {
  const config = () => answers.get('show_config') as { state: string; max_open_trades: number };
  const configure = (change: object) => answers.set('show_config', { ...config(), ...change });
  const { max_open_trades: room } = config();

  const commands: ReadonlyMap<string, () => string> = new Map([
    [
      'stopbuy',
      () => {
        if (!control.isOlder) configure({ state: 'paused' });
        else if (config().state === 'running') configure({ max_open_trades: 0 });
        return control.isOlder
          ? 'No more entries will occur from now. Run /reload_config to reset.'
          : 'paused, no more entries will occur from now. Run /start to enable entries.';
      },
    ],
    [
      'start',
      () => {
        if (config().state === 'running') return 'already running';
        configure({ state: 'running' });
        return 'starting trader ...';
      },
    ],
    [
      'reload_config',
      () => {
        configure({ state: 'reload_config' });
        setTimeout(() => control.restart(), RELOAD_MS);
        return 'Reloading config ...';
      },
    ],
  ]);
  const control: FreqtradeControl = {
    told: [],
    initialState: 'running',
    isOlder: false,
    follow(command) {
      const said = commands.get(command)?.();
      if (said !== undefined) control.told.push(command);
      return said;
    },
    restart: () => void configure({ state: control.initialState, max_open_trades: room }),
  };
  return control;
}
