/** How a command talks: what is asked for on standard output, all else on standard error. */
export interface Terminal {
  readonly print: (text: string) => void;
  readonly say: (line: string) => void;
  /** Says what helps a person and is noise in a log: only where standard error is a terminal. */
  readonly hint: (line: string) => void;
  /** Shows how far long work is, in place of what it showed before: only where standard error is a terminal. An empty line takes it away. */
  readonly progress: (line: string) => void;
  /** Asks a question; undefined where nobody is there to answer, or the input ends instead. Ctrl-C there ends this process. */
  readonly ask: (question: string) => Promise<string | undefined>;
}

/** What the command line says, for every command. */
export interface CommandInput {
  /** The words after the command's own. */
  readonly words: readonly string[];
  /** What stands after `--`. */
  readonly rest: readonly string[];
  readonly configFile: string;
  readonly isJson: boolean;
  readonly isYes: boolean;
  /** The id after `--target`. */
  readonly target: string | undefined;
  /** The duration after `--for`. */
  readonly duration: string | undefined;
  /** The text after `--reason`. */
  readonly reason: string | undefined;
  /** Each text after a `--host`. */
  readonly hosts: readonly string[];
  /** Each text after a `--host-key`. */
  readonly hostKeys: readonly string[];
  /** Each text after a `--site`. */
  readonly sites: readonly string[];
  /** The file after `--key`. */
  readonly key: string | undefined;
  /** Whether `--show-script` is there. */
  readonly isScriptShown: boolean;
  /** Whether `--measurements` is there. */
  readonly isWithMeasurements: boolean;
  /** Whether `--open` is there. */
  readonly isOpenOnly: boolean;
  /** Whether `--overwrite` is there. */
  readonly isOverwriting: boolean;
}

/** The options that only some commands take, and the value that follows where one does; `--config` and `--help` are for all. */
export const ownOptions = {
  json: undefined,
  yes: undefined,
  target: '<id>',
  for: '<duration>',
  reason: '<text>',
  host: '<id>=[<user>@]<address>[:<port>]',
  'host-key': '<id>=SHA256:...',
  key: '<file>',
  site: '<url>[=<folder>]',
  'show-script': undefined,
  measurements: undefined,
  open: undefined,
  overwrite: undefined,
} as const;

/** One command of `steward`. */
export interface Command {
  /** Its words, such as `host trust`. */
  readonly name: string;
  /** The words it takes after its own, as they stand in the usage; one in brackets may be left out. */
  readonly parameters: readonly string[];
  /** What it takes after `--`, as it stands in the usage. */
  readonly rest?: string;
  /** The options it takes beside those for all. */
  readonly options: readonly (keyof typeof ownOptions)[];
  readonly summary: string;
  /** Returns the exit code. Throws a CommandError for what the operator can mend. */
  run(input: CommandInput, terminal: Terminal): Promise<number>;
}

/** Something that the operator can mend; the message says how. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
