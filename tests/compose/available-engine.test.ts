import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';

const helper = fileURLToPath(new URL('engine/available-engine.ts', import.meta.url));

/** Asks for an engine where no program of one is found. */
async function ask(...environment: string[]) {
  await using folder = await createTempFolder('steward-no-engine');
  const script = `import { availableEngine } from '${helper}'; console.log(typeof (await availableEngine('${folder.path}')));`;
  const node = [process.execPath, '--no-warnings', '--input-type=module', '-e', script];
  // The workflow wants an engine for all of its tests.
  const bare = ['--unset=STEWARD_ENGINE', 'PATH=/nonexistent'];
  return await runCommand(['/usr/bin/env', ...bare, ...environment, ...node]);
}

test('where no engine can be started that is a reason to skip', async () => {
  expect((await ask()).stdout).toBe('string\n');
});

test('where one is required it is a failure', async () => {
  await expect(ask('STEWARD_ENGINE=required')).rejects.toThrow(/dockerd could not be started|as root only/);
});

test("where a newer one is wanted, the machine's does not stand in for it", async () => {
  await using cache = await createTempFolder('steward-no-newer-engine');
  const wanted = [
    'STEWARD_ENGINE=newer',
    `XDG_CACHE_HOME=${cache.path}`,
    `PATH=${process.env['PATH'] ?? ''}`,
  ];
  await expect(ask(...wanted)).rejects.toThrow(/docker\.io\/usr\/sbin\/dockerd.*No such file|as root only/);
});
