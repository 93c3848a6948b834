import { appendFileSync } from 'node:fs';

/** What a process can be killed at: a write to the journal, a command on its way to a host, a message on its way to people. */
export type PointKind = 'write' | 'perform' | 'tell';

/** When it is killed: just before it, just after it, or while a command runs on the host. */
export type Moment = 'before' | 'after' | 'while';

const [kind, number, moment] = (process.env['KILL_AT'] ?? '').split(' ');
const counts: Record<PointKind, number> = { write: 0, perform: 0, tell: 0 };

/**
 * Does something that the process may be killed at, where the environment names it by its kind and number. Names each such thing in a file. `untilUnderWay`
 * sees to it that what is done does not end, and resolves when it is begun.
 */
export async function atPoint<Value>(
  what: PointKind,
  name: string,
  work: () => Promise<Value>,
  untilUnderWay: () => Promise<void> = () => Promise.resolve(),
): Promise<Value> {
  counts[what] += 1;
  appendFileSync(process.env['POINTS_FILE'] ?? '', `${what} ${name}\n`);
  const isLast = what === kind && counts[what] === Number(number);
  if (isLast && moment === 'before') end();
  const underWay = isLast && moment === 'while' ? untilUnderWay() : undefined;
  const done = work();
  if (underWay !== undefined) {
    await underWay;
    end();
  }
  const value = await done;
  if (isLast && moment === 'after') end();
  return value;
}

/** As a lost machine: nothing that was under way is finished, and no handler runs. Or as a machine that hangs, with SIGSTOP. */
function end(): void {
  process.kill(process.pid, process.env['KILL_WITH'] ?? 'SIGKILL');
}
