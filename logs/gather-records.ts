import type { LogFormat } from '../inventory/schema/log-file.ts';

/** Lines that belong together and may go on: by the process that writes them where several share a log, else by ''. */
export type OpenRecords = Readonly<Record<string, readonly string[]>>;

/** What more lines gave. */
export interface GatheredRecords {
  readonly records: readonly (readonly string[])[];
  readonly open: OpenRecords;
  /** Lines that belong to no record, or to one that is too long. */
  readonly dropped: number;
}

/** What a line is: a record of its own, the beginning of one, or more of one. */
interface LineRole {
  readonly writer: string;
  readonly begins: boolean;
}

/** More lines of one record, or more writers at a time, are not kept. */
const RECORD_LIMIT_LINES = 500;
const RECORD_LIMIT_CHARACTERS = 128 * 1024;
const WRITER_LIMIT = 64;

const PHP_TIME = /^\[\d\d-[A-Z][a-z]{2}-\d{4} /;
const NGINX_TIME = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[/;
const APACHE_TIME = /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d/;
const PYTHON_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - /;
const FPM_CHILD =
  /^\[[^\]]{10,40}\] [A-Z]+: \[pool [^\]]{1,100}\] child (\d{1,10}) said into stderr: "(NOTICE: PHP message: )?/;

const beginning: Readonly<Record<LogFormat, RegExp>> = {
  'wordpress-debug': PHP_TIME,
  'php-error': PHP_TIME,
  'php-fpm': PHP_TIME,
  'php-fpm-slow': PHP_TIME,
  'nginx-error': NGINX_TIME,
  'apache-error': APACHE_TIME,
  'nginx-access': /^/,
  'apache-access': /^/,
  freqtrade: PYTHON_TIME,
};

/** Puts lines together to records, each of which begins with a line that has a time. A record ends where its writer's next one begins. */
export function gatherRecords(
  format: LogFormat,
  before: OpenRecords,
  lines: readonly string[],
): GatheredRecords {
  const open = new Map(Object.entries(before).map(([writer, record]) => [writer, [...record]]));
  const records: (readonly string[])[] = [];
  let dropped = 0;
  for (const line of lines) {
    const { writer, begins } = roleOf(format, line);
    const record = open.get(writer);
    if (begins) {
      if (record !== undefined) records.push(record);
      // Put last, so that the first is the one that was begun first.
      open.delete(writer);
      open.set(writer, [line]);
      const [oldest] = open;
      if (open.size > WRITER_LIMIT && oldest !== undefined) {
        records.push(oldest[1]);
        open.delete(oldest[0]);
      }
    } else if (record === undefined || isFull(record, line)) {
      if (line.trim() !== '') dropped += 1;
    } else {
      record.push(line);
    }
  }
  return { records, open: Object.fromEntries(open), dropped };
}

function roleOf(format: LogFormat, line: string): LineRole {
  if (format === 'php-fpm') {
    const child = FPM_CHILD.exec(line);
    if (child !== null) return { writer: `child ${child[1] ?? ''}`, begins: child[2] !== undefined };
  }
  return { writer: '', begins: beginning[format].test(line) };
}

function isFull(record: readonly string[], line: string): boolean {
  return (
    record.length >= RECORD_LIMIT_LINES ||
    record.reduce((length, each) => length + each.length, line.length) > RECORD_LIMIT_CHARACTERS
  );
}
