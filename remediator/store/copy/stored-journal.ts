/** The tables that a journal consists of, in an order in which each refers to earlier ones alone, with their columns. Both engines have them. */
export const journalTables = {
  runs: [
    'id',
    'fingerprint',
    'starts_at',
    'attempt',
    'labels',
    'alert_status',
    'state',
    'outcome',
    'reason',
    'plan',
    'acting_on',
    'acted_at_ms',
    'created_at',
    'seen_at',
  ],
  events: ['run_id', 'at', 'kind', 'data'],
  pauses: ['since', 'until_ms', 'by', 'reason', 'ended_at', 'ended_by'],
  resumptions: ['at_ms', 'by'],
  starts: ['instance', 'started_at_ms', 'stopped_at_ms'],
  messages: ['id', 'message'],
} as const;

/** The name of a table. */
export type TableName = keyof typeof journalTables;

/** The names of the tables, in that order. */
export const tableNames = Object.keys(journalTables) as readonly TableName[];

/** The values of a row, in the order of its table's columns. */
export type StoredRow = readonly (string | number | null)[];

/** So many rows are read and written at once. */
export const ROWS_AT_ONCE = 500;

/** The tables of a journal within one transaction. */
export interface StoredTables {
  count(table: TableName): Promise<number>;
  /** All rows in the order in which they were written. */
  rows(table: TableName): AsyncIterable<readonly StoredRow[]>;
  add(table: TableName, rows: readonly StoredRow[]): Promise<void>;
}

/** A journal as its rows, for whoever copies it while no remediator works with it. */
export interface StoredJournal {
  /** Reads what is in it at one moment. */
  read<Value>(work: (tables: StoredTables) => Promise<Value>): Promise<Value>;
  /** Writes all or nothing. */
  write<Value>(work: (tables: StoredTables) => Promise<Value>): Promise<Value>;
  close(): Promise<void>;
}
