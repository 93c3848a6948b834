import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openStateFile, type StateFile } from '../state/state-file.ts';
import { snapshotSchema, type Snapshot } from './snapshot.ts';

/** Where a site's baseline is kept, and how it was when it was last looked at. */
export interface SiteSnapshots {
  readonly baseline: StateFile<Snapshot>;
  readonly last: StateFile<Snapshot>;
}

/** The files of a site in the exporter's state folder. */
export function snapshotsOf(stateFolder: string, site: string): SiteSnapshots {
  return {
    baseline: openStateFile(stateFolder, baselineName(site), snapshotSchema),
    last: openStateFile(stateFolder, `tree-${site}.json`, snapshotSchema),
  };
}

/** Takes a site's baseline away: the next look at it becomes the new one. */
export async function forgetBaseline(stateFolder: string, site: string): Promise<void> {
  await rm(join(stateFolder, baselineName(site)), { force: true });
}

function baselineName(site: string): string {
  return `baseline-${site}.json`;
}
