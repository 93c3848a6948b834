import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Parser } from 'tar';
import { CommandError } from '../command.ts';
import type { StatePlace } from './own-files.ts';
import { MEASUREMENTS, onVolume, type Stack, type Volume } from './volumes.ts';
import type { ArchiveWriter } from './write-archive.ts';

const script = fileURLToPath(new URL('./read-state.ts', import.meta.url));

/** Says which path was put into the archive, for a person who waits. */
type OnEntry = (path: string) => void;

/** Adds a folder of state on this machine to an archive. */
export function copyFolder(
  archive: ArchiveWriter,
  folder: string,
  { wanted }: StatePlace,
  prefix: string,
  onEntry: OnEntry,
): Promise<void> {
  const program = [process.execPath, '--no-warnings', script, folder, wanted] as const;
  return copyFrom(archive, program, { prefix, what: folder, onEntry });
}

/** Adds a volume of the stack to an archive. Its container gets the program on its standard input, so that its image need not have it. */
export function copyVolume(
  archive: ArchiveWriter,
  stack: Stack,
  volume: Volume,
  prefix: string,
  onEntry: OnEntry,
): Promise<void> {
  const kind = script.endsWith('.ts') ? 'module-typescript' : 'module';
  const wanted = volume.id === MEASUREMENTS ? 'blocks' : 'all';
  const program = onVolume(stack, volume, ['node', `--input-type=${kind}`, '-', '/state', wanted]);
  return copyFrom(archive, program, { prefix, what: `the volume ${volume.name}`, onEntry, stdin: script });
}

interface Source {
  readonly prefix: string;
  readonly what: string;
  readonly onEntry: OnEntry;
  /** A file that the program gets on its standard input. */
  readonly stdin?: string;
}

/** Runs a program that writes a tar, and adds what is in it. */
async function copyFrom(
  archive: ArchiveWriter,
  [program, ...args]: readonly [string, ...string[]],
  { prefix, what, onEntry, stdin }: Source,
): Promise<void> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that ends early says why by itself.
  child.stdin.on('error', () => undefined);
  if (stdin === undefined) child.stdin.end();
  else createReadStream(stdin).pipe(child.stdin);
  // Nobody reads on: it ends by itself, and tidies up first.
  archive.signal.addEventListener('abort', () => {
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    child.unref();
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const complaint = text(child.stderr).catch(() => '');
  try {
    await addEntries(archive, child.stdout, (path) => {
      onEntry(path);
      return `${prefix}/${path}`;
    });
  } catch (error) {
    // One that wrote to its end, and no tar, says itself why.
    const code = child.stdout.readableEnded ? (await ended)[0] : 0;
    const reason = code === 0 ? String(error) : lastLine(await complaint, code);
    throw new CommandError(`${what} cannot be read: ${reason}`, { cause: error });
  }
  const [code] = await ended;
  if (code !== 0) throw new CommandError(`${what} cannot be read: ${lastLine(await complaint, code)}`);
}

function addEntries(archive: ArchiveWriter, tar: Readable, nameOf: (path: string) => string): Promise<void> {
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const path = entry.path.replace(/^\.\//, '');
      if (path === '') {
        // The folder of state itself, as it stands there for a moment.
        entry.resume();
        return;
      }
      entry.path = nameOf(path);
      archive.copy(entry);
    },
  });
  return new Promise((resolve, reject) => {
    parser.on('end', resolve).on('error', reject);
    tar.on('error', reject).pipe(parser);
  });
}

function lastLine(complaint: string, code: number | null): string {
  return complaint.trim().split('\n').at(-1) || `exit code ${String(code)}`;
}
