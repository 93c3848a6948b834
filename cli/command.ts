/** How a command talks: what is asked for on standard output, all else on standard error. */
export interface Terminal {
  readonly print: (text: string) => void;
  readonly say: (line: string) => void;
  /** Asks a question; undefined where nobody is there to answer. */
  readonly ask: (question: string) => Promise<string | undefined>;
}

/** What the command line says, for every command. */
export interface CommandInput {
  /** The words after the command's own. */
  readonly words: readonly string[];
  readonly configFile: string;
  readonly isJson: boolean;
  readonly isYes: boolean;
}

/** One command of `steward`. */
export interface Command {
  /** Its words, such as `host trust`. */
  readonly name: string;
  /** The words it takes after its own, as they stand in the usage. */
  readonly parameters: readonly string[];
  readonly summary: string;
  /** Returns the exit code. Throws a CommandError for what the operator can mend. */
  run(input: CommandInput, terminal: Terminal): Promise<number>;
}

/** Something that the operator can mend; the message says how. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
