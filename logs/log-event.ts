/** How bad an event is, worst first. `fatal` is only what ended a PHP request; `other` is text without a level. */
export const logLevels = [
  'fatal',
  'critical',
  'error',
  'warning',
  'notice',
  'deprecated',
  'info',
  'debug',
  'other',
] as const;

/** How bad an event is. */
export type LogLevel = (typeof logLevels)[number];

/** Who wrote an event: PHP's own events are the same in whichever log they stand. */
export type LogSource = 'php' | 'wordpress' | 'nginx' | 'apache' | 'php-fpm' | 'php-fpm-slow' | 'freqtrade';

/** The kinds of code that an event is put down to. */
export const attributionKinds = ['plugin', 'theme', 'mu-plugin', 'core', 'other'] as const;

/** Whose code an event is put down to. */
export interface Attribution {
  readonly kind: (typeof attributionKinds)[number];
  /** The folder of the plugin or theme; for `other` the function that is missing, where the event names one; or empty. */
  readonly slug: string;
}

/** One call in a trace, the innermost first. Arguments are left out: they differ, and can hold secrets. */
export interface LogFrame {
  readonly file?: string;
  readonly line?: number;
  readonly call: string;
}

/** Something that a log says has happened, however many lines it took. */
export interface LogEvent {
  readonly kind: 'event';
  /** Milliseconds since 1970, where the log says which zone its clock is in. */
  readonly timeMs?: number;
  readonly level: LogLevel;
  readonly source: LogSource;
  /** What happened, without place and trace; 2000 characters at the most. It is what a stranger wrote: never part of a command. */
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly frames: readonly LogFrame[];
  readonly attribution: Attribution;
  /** The same for the same fault: 16 hexadecimal digits of what happened and where, without numbers and trace. */
  readonly fingerprint: string;
}

/** One request of an access log. */
export interface RequestEvent {
  readonly kind: 'request';
  readonly timeMs?: number;
  readonly method: string;
  /** Path and query as they were sent. */
  readonly path: string;
  readonly status: number;
  /** What the visitor says to be; empty where the log has it not. */
  readonly agent: string;
  /** How long it took, where the log has that. */
  readonly durationSeconds?: number;
}

/** What a log can tell. */
export type LogItem = LogEvent | RequestEvent;
