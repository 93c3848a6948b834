import type { StateFile } from './state-file.ts';

/** A value of each target that outlives the exporter. */
export interface KeptValues<Value> {
  /**
   * Makes a new value of the one before, saves it and returns it. Changes of one target wait for each other: after a reload an old reading of
   * it may still go on, and two must not begin at the same place. Where the change or the saving rejects, so does this, and the value stays.
   */
  update(id: string, change: (before: Value | undefined) => Promise<Value>): Promise<Value>;
}

/** Keeps values in the files that `fileOf` gives. */
export function createKeptValues<Value>(fileOf: (id: string) => StateFile<Value>): KeptValues<Value> {
  const known = new Map<string, Value>();
  const underWay = new Map<string, Promise<unknown>>();

  async function changed(id: string, change: (before: Value | undefined) => Promise<Value>): Promise<Value> {
    const file = fileOf(id);
    const before = known.get(id) ?? (await file.load());
    const value = await change(before);
    // What is not saved would be counted again after a restart, so it is not shown either.
    if (JSON.stringify(value) !== JSON.stringify(before)) await file.save(value);
    known.set(id, value);
    return value;
  }

  return {
    update(id, change) {
      const last = underWay.get(id) ?? Promise.resolve();
      const next = last.then(
        () => changed(id, change),
        () => changed(id, change),
      );
      underWay.set(id, next);
      return next;
    },
  };
}
