import { z } from 'zod';
import type { StateFile } from '../state/state-file.ts';
import {
  jobRecordSchema,
  newJobRecord,
  withoutFuture,
  withPing,
  type JobRecord,
  type Ping,
} from './job-record.ts';

/** The records of all jobs, by id. */
export const jobRecordsSchema = z.record(z.string(), jobRecordSchema);

type JobRecords = z.output<typeof jobRecordsSchema>;

/** What jobs have said, on disk. */
export interface JobStore {
  /** Adds what a job says. Resolves once that is on the disk; rejects where it cannot be, and then it does not count. */
  add(id: string, ping: Ping): Promise<void>;
  /** What is on the disk of a job. One that is not known yet is known from now on. */
  recordOf(id: string): JobRecord;
}

/** What a store needs. */
export interface JobStoreOptions {
  readonly file: StateFile<JobRecords>;
  /** Hears where something that nobody waits for could not be written. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}

interface Change {
  readonly id: string;
  readonly apply: (record: JobRecord) => JobRecord;
  readonly written: PromiseWithResolvers<undefined>;
}

/** Opens the store with what its file holds. What arrives while a write is under way goes into the next one together. */
export async function openJobStore({ file, onError, now = Date.now }: JobStoreOptions): Promise<JobStore> {
  let saved = new Map(Object.entries((await file.load()) ?? {}));
  let waiting: Change[] = [];
  let isWriting = false;

  async function write(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const changes = waiting;
      waiting = [];
      try {
        const next = withChanges(changes);
        await file.save(Object.fromEntries(next));
        // What was first seen meanwhile is not in it.
        saved = new Map([...saved, ...next]);
        for (const { written } of changes) written.resolve(undefined);
      } catch (error) {
        for (const { written } of changes) written.reject(error);
      }
    }
    isWriting = false;
  }

  function withChanges(changes: readonly Change[]): Map<string, JobRecord> {
    const next = new Map(saved);
    for (const { id, apply } of changes) next.set(id, apply(current(next.get(id))));
    return next;
  }

  function current(record: JobRecord | undefined): JobRecord {
    return record === undefined ? newJobRecord(now()) : withoutFuture(record, now());
  }

  async function change(id: string, apply: Change['apply']): Promise<void> {
    const written = Promise.withResolvers<undefined>();
    waiting.push({ id, apply, written });
    if (!isWriting) void write();
    await written.promise;
  }

  return {
    add: (id, ping) => change(id, (record) => withPing(record, ping, now())),
    recordOf(id) {
      const before = saved.get(id);
      const record = current(before);
      if (record !== before) {
        // What it counts from must not move with each look, even while the disk is full.
        saved.set(id, record);
        change(id, (latest) => latest).catch(onError);
      }
      return record;
    },
  };
}
