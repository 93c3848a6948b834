import { randomBytes } from 'node:crypto';

/** Makes the id of a run: its time and eight random letters, so that ids sort by time and are plain words on a host. */
export function createRunId(at: Date): string {
  const time = at.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${time}-${randomBytes(4).toString('hex')}`;
}
