/** A command for a host: an argument vector, never a line of shell. */
export interface Command {
  /** The program and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Bytes for its standard input; nothing where it is not given. */
  readonly stdin?: string | Uint8Array;
  /** How long it may run. The far side is ended then too. */
  readonly timeoutSeconds: number;
  /** Ends the wait early; the far side is ended as well as can be. */
  readonly signal?: AbortSignal;
  /** Asked last before it is started: with false it never is. A signal hears of what has happened only when its turn comes. */
  readonly mayStart?: () => boolean;
  /** The most bytes kept of each output stream; 64 KiB where it is not given. What comes after is dropped. */
  readonly outputLimitBytes?: number;
}

/** What a command wrote, cut at the limit. */
export interface Output {
  /** Bytes of standard output. */
  readonly stdout: Buffer;
  /** Bytes of standard error. */
  readonly stderr: Buffer;
  /** Whether either stream was cut. */
  readonly truncated: boolean;
}

/**
 * What became of a command.
 * - `succeeded`: it ran and its exit code was 0.
 * - `failed`: it surely ended without success: an exit code other than 0, or it was never started.
 * - `unknown`: nobody can say: the connection was lost, or time ran out, after it may have started.
 */
export type Outcome =
  | ({ readonly kind: 'succeeded' } & Output)
  | ({
      readonly kind: 'failed';
      readonly exitCode: number | undefined;
      readonly reason: string;
      /** Why the host could not be reached, where that is what failed. */
      readonly code?: HostErrorCode;
    } & Output)
  | ({ readonly kind: 'unknown'; readonly reason: string } & Output);

/** What `stat` says of a path; links are not followed. */
export interface FileStatus {
  /** What stands there. */
  readonly type: 'file' | 'directory' | 'link' | 'other';
  /** Size in bytes. */
  readonly sizeBytes: number;
  /** The twelve permission bits. */
  readonly mode: number;
  /** Last modification, in milliseconds since the epoch. */
  readonly modifiedMs: number;
  /** Inode number: it changes when a log is rotated. */
  readonly inode: number;
}

/** How a command or a file is reached on a host, local or over SSH. */
export interface Host {
  /** The host's id in steward.yml. */
  readonly id: string;
  /** How the host is reached. */
  readonly kind: 'local' | 'ssh';
  /** The account that Steward uses there; the paths of what hardening put there derive from it. */
  readonly user: string;
  /** Runs a command. Never rejects: whatever goes wrong is an outcome with a reason. */
  run(command: Command): Promise<Outcome>;
  /** Reads at most `lengthBytes` of a file from an offset. Rejects with a HostError where it cannot be read. */
  readFile(path: string, offsetBytes: number, lengthBytes: number): Promise<Buffer>;
  /** Asks the status of a path, or undefined where nothing stands there. Rejects with a HostError otherwise. */
  stat(path: string): Promise<FileStatus | undefined>;
  /** Ends connections. The host is not used after this. */
  close(): Promise<void>;
}

/** Why a host could not be reached or read. */
export type HostErrorCode =
  | 'host_key_missing'
  | 'host_key_mismatch'
  | 'key_file_unreadable'
  | 'authentication_failed'
  | 'unreachable'
  | 'connection_lost'
  | 'timed_out'
  | 'aborted'
  | 'not_readable'
  | 'bad_answer';

/** A failure of a host, with a reason from a closed list. */
export class HostError extends Error {
  readonly code: HostErrorCode;

  constructor(code: HostErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HostError';
    this.code = code;
  }
}
