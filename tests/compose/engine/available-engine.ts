import { startEngine, type Engine } from './engine.ts';

/**
 * Starts an engine, or says why none can be started here, so that its tests count as skipped. Where STEWARD_ENGINE is `required`, as in the workflow,
 * it rejects instead: there a skip would hide a fault.
 */
export async function availableEngine(folder: string): Promise<Engine | string> {
  return startEngine(folder).catch((error: unknown) => {
    if (process.env['STEWARD_ENGINE'] === 'required') throw error;
    return String(error);
  });
}
