import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createLocalHost } from '../../../hosts/local/local-host.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { describeHostContract } from '../../contracts/host.contract.ts';
import { processesWith } from '../../helpers/processes.ts';

const openLocalHost = () => createLocalHost('here', userInfo().username);

describe('the local host', () => {
  describeHostContract(() =>
    Promise.resolve({
      host: openLocalHost(),
      close: () => Promise.resolve(),
    }),
  );

  test('ends what an aborted command has started, also where that takes no SIGTERM', async () => {
    await using folder = await createTempFolder('steward-local');
    const started = join(folder.path, 'started');
    const marker = `steward-${randomUUID()}`;
    const abort = new AbortController();
    const outcome = openLocalHost().run({
      argv: ['sh', '-c', `sh -c 'trap "" TERM; touch "$1"; sleep 300; :' "$0" "$1"; :`, marker, started],
      timeoutSeconds: 60,
      signal: abort.signal,
    });
    await waitUntil(() => readFile(started), { what: 'the command to start' });
    abort.abort();
    expect((await outcome).kind).toBe('unknown');
    const gone = async () => (await processesWith(marker)).length === 0;
    expect(await waitUntil(gone, { what: 'the commands to be gone' })).toBe(true);
  });
});
