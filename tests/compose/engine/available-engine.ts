import { machinePrograms, newerPrograms } from './engine-programs.ts';
import { startEngine, type Engine } from './engine.ts';

/**
 * Starts an engine, or says why none can be started here, so that its tests count as skipped. Where STEWARD_ENGINE is `required`, as in the workflow,
 * or `newer`, which is Debian sid's in place of the machine's, it rejects instead: there a skip would hide a fault.
 */
export async function availableEngine(folder: string): Promise<Engine | string> {
  const wanted = process.env['STEWARD_ENGINE'];
  const programs = wanted === 'newer' ? newerPrograms() : machinePrograms();
  return startEngine(folder, programs).catch((error: unknown) => {
    if (wanted === 'newer' || wanted === 'required') throw error;
    return String(error);
  });
}
