import { readFile } from 'node:fs/promises';

/** The numbers of an account of this machine. Throws where there is none of that name. */
export async function accountIds(name: string): Promise<{ uid: number; gid: number }> {
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((text) => text.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`this machine has no account ${name}`);
  return { uid: Number(uid), gid: Number(gid) };
}
