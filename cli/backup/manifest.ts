import { z } from 'zod';
import { readVersion } from '../../inventory/version.ts';
import { CommandError } from '../command.ts';

/** The name of the manifest in an archive, where it stands first. */
export const MANIFEST_NAME = 'manifest.json';

const FORMAT = 1;

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  made_at: z.iso.datetime(),
  /** The name of what is mostly steward.yml. */
  config: z.string().regex(/^[^/\\\u0000-\u001f]+$/),
});

/** What an archive says of itself. */
export type Manifest = z.output<typeof manifestSchema>;

/** The manifest of an archive that is made now. */
export async function newManifest(config: string): Promise<Manifest> {
  return { format: FORMAT, version: await readVersion(), made_at: new Date().toISOString(), config };
}

/** Reads a manifest. Rejects with a CommandError where a newer Steward wrote it, or it is none. */
export async function readManifest(text: string): Promise<Manifest> {
  const value = jsonOf(text);
  const own = await readVersion();
  const { format, version } =
    z.object({ format: z.number(), version: z.string() }).safeParse(value).data ?? {};
  if (format !== undefined && version !== undefined && (format > FORMAT || isNewer(version, own)))
    throw new CommandError(
      `the archive was made by Steward ${version}, and this is ${own}: install ${version} or newer, and restore with that`,
    );
  const manifest = manifestSchema.safeParse(value);
  if (!manifest.success)
    throw new CommandError(
      `this is no archive of steward backup: its ${MANIFEST_NAME} is not as it should be`,
    );
  return manifest.data;
}

function isNewer(version: string, own: string): boolean {
  return version.localeCompare(own, 'en', { numeric: true }) > 0;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
