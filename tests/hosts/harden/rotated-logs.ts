import { chmod, chown, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callVerb } from '../../../hosts/call-verb.ts';
import type { Host } from '../../../hosts/host.ts';

/** The account that owns the site, on Debian. */
export const WWW_DATA = 33;
/** A log that is large enough to be rotated: 1120000 bytes. */
export const LARGE_LOG = 'a line of a log\n'.repeat(70_000);

const ROTATED = /\.steward-\d{8}T\d{6}Z\.log$/;

/** Writes a file as the site's owner has it. */
export async function putAsOwner(file: string, text: string, mode = 0o644): Promise<void> {
  await writeFile(file, text);
  await chmod(file, mode);
  await chown(file, WWW_DATA, WWW_DATA);
}

/** Has the log of the site `blog` rotated. */
export async function rotateLog(host: Host, log: string) {
  const { kind, ...outcome } = await callVerb(host, {
    verb: 'site-rotate-log',
    slots: ['blog', log],
    timeoutSeconds: 60,
  });
  const exitCode = 'exitCode' in outcome ? outcome.exitCode : undefined;
  return { kind, exitCode, said: outcome.stdout.toString() + outcome.stderr.toString() };
}

/** Every file of a folder with its owner, group, mode and size. */
export async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await Promise.all(
    (await readdir(folder)).toSorted().map(async (name) => {
      const { uid, gid, mode, size } = await stat(join(folder, name));
      return [name, `${uid}:${gid} ${(mode & 0o777).toString(8)} ${size}`];
    }),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The name of the log that was rotated last; `none` where there is none. */
export async function rotatedNameIn(folder: string): Promise<string> {
  return (await readdir(folder)).find((name) => ROTATED.test(name)) ?? 'none';
}
