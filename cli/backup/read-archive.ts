import { Buffer } from 'node:buffer';
import { extract, list, type ReadEntry } from 'tar';
import { CommandError } from '../command.ts';
import { MANIFEST_NAME, readManifest, type Manifest } from './manifest.ts';

/** An archive that was looked at from beginning to end. */
export interface SeenArchive {
  readonly manifest: Manifest;
  /** The paths of its files, without the manifest's. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

const MANIFEST_BYTES = 64 * 1024;
/** Where files of an archive may stand. */
const PLACES = /^(?:(?:files|volumes\/[a-z0-9-]+)\/|databases\/journal\.dump\/$)/;

/**
 * Reads an archive to its end without writing anything. Rejects with a CommandError where it is damaged or cut off, was made by a newer Steward,
 * or has anything but files and folders that stay where they belong.
 */
export async function seeArchive(file: string): Promise<SeenArchive> {
  const manifest: Buffer[] = [];
  const problems: string[] = [];
  const [files, folders] = [new Set<string>(), new Set<string>()];
  let isFirst = true;
  await whole(file, async () => {
    await list({
      file,
      strict: true,
      onReadEntry(entry) {
        if (isFirst && entry.path === MANIFEST_NAME && entry.type === 'File' && entry.size <= MANIFEST_BYTES)
          entry.on('data', (chunk) => void manifest.push(chunk));
        else problems.push(...problemsOf(entry, files));
        if (entry.type === 'Directory') folders.add(entry.path.replace(/\/$/, ''));
        else if (!isFirst) files.add(entry.path);
        isFirst = false;
      },
    });
  });
  if (manifest.length === 0)
    throw new CommandError(
      `${file} is no archive of steward backup: it does not begin with ${MANIFEST_NAME}`,
    );
  const read = await readManifest(Buffer.concat(manifest).toString('utf8'));
  const [problem] = problems;
  if (problem !== undefined) throw new CommandError(`${file} is refused: ${problem}`);
  return { manifest: read, files: [...files], folders: [...folders] };
}

/** Unpacks an archive that was looked at into an empty folder. */
export async function unpackArchive(file: string, folder: string): Promise<void> {
  // The modes of the archive count, whatever this account's files usually get.
  const modes = { chmod: true, processUmask: 0 };
  await whole(file, () => extract({ file, cwd: folder, strict: true, preserveOwner: false, ...modes }));
}

async function whole(file: string, read: () => Promise<void>): Promise<void> {
  await read().catch((cause: unknown) => {
    if (cause instanceof CommandError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(`${file} cannot be read as an archive; it may be damaged or cut off: ${reason}`, {
      cause,
    });
  });
}

function problemsOf({ path, type, mode }: ReadEntry, seen: ReadonlySet<string>): string[] {
  const shown = JSON.stringify(path.slice(0, 200));
  if (type !== 'File' && type !== 'OldFile' && type !== 'Directory')
    return [`${shown} is neither file nor folder (${type})`];
  if (((mode ?? 0) & 0o7000) !== 0)
    return [`${shown} has a mode that is more than who may read, write and run it`];
  const segments = path.replace(/\/$/, '').split('/');
  const isStraight = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');

  if (!isStraight || /[\\\u0000-\u001f\u007f]/.test(path)) return [`the path ${shown} leads elsewhere`];
  if (!PLACES.test(`${path}/`)) return [`the path ${shown} is none that steward backup writes`];
  return seen.has(path) ? [`the path ${shown} is there twice`] : [];
}
