import { loadInventory, type LoadedInventory } from './load.ts';
import { formatProblem, type Problem } from './problem.ts';

/** How the last attempt to read steward.yml went. */
export interface LastReload {
  readonly successful: boolean;
  /** When a reading last succeeded, in milliseconds since the epoch. */
  readonly succeededAtMs: number;
}

/** Holds the last steward.yml that was good. */
export interface InventoryHolder {
  current(): LoadedInventory;
  readonly lastReload: () => LastReload;
  /** Reads the file again. Where it is wrong, the last good one stays, and the problems are returned. */
  reload(): Promise<readonly Problem[]>;
}

/** A configuration that a process cannot start with. */
class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Finds faults that only a process itself can tell, such as an action that is not there. */
export type ExtraCheck = (loaded: LoadedInventory) => readonly Problem[] | Promise<readonly Problem[]>;

/** Reads steward.yml for the first time. Rejects with a ConfigurationError that names every problem where it is wrong. */
export async function createInventoryHolder(
  file: string,
  extraCheck: ExtraCheck = () => [],
  now: () => number = Date.now,
): Promise<InventoryHolder> {
  const first = await loadChecked(file, extraCheck);
  if (!first.ok) throw new ConfigurationError(first.problems.map(formatProblem).join('\n'));
  let current: LoadedInventory = first;
  let lastReload: LastReload = { successful: true, succeededAtMs: now() };
  const reload = async (): Promise<readonly Problem[]> => {
    const result = await loadChecked(file, extraCheck);
    lastReload = { successful: result.ok, succeededAtMs: result.ok ? now() : lastReload.succeededAtMs };
    if (!result.ok) return result.problems;
    current = result;
    return [];
  };
  let running: Promise<unknown> = Promise.resolve();
  return {
    current: () => current,
    lastReload: () => lastReload,
    reload() {
      // One after the other: of two at once, the one that read first could end last.
      const next = running.then(reload);
      running = next.catch(() => undefined);
      return next;
    },
  };
}

async function loadChecked(file: string, extraCheck: ExtraCheck) {
  const result = await loadInventory(file);
  if (!result.ok) return result;
  const problems = await extraCheck(result);
  return problems.length === 0 ? result : ({ ok: false, problems } as const);
}
