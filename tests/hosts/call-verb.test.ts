import { describe, expect, test } from '@jest/globals';
import { callVerb } from '../../hosts/call-verb.ts';
import type { Command, Host, Outcome } from '../../hosts/host.ts';

const nothing = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), truncated: false };

/** A host that notes what it is told to run. What a real one makes of it, the tests of the dispatcher show. */
function recordingHost(kind: Host['kind'], outcome: Outcome = { kind: 'succeeded', ...nothing }) {
  const commands: Command[] = [];
  const host: Host = {
    id: 'web1',
    user: 'steward',
    kind,
    run(command) {
      commands.push(command);
      return Promise.resolve(outcome);
    },
    readFile: () => Promise.reject(new Error('not asked')),
    stat: () => Promise.reject(new Error('not asked')),
    close: () => Promise.resolve(),
  };
  return { host, commands };
}

describe('callVerb', () => {
  test('sends the verb and its slots over SSH, and leaves the time limit to the host', async () => {
    const { host, commands } = recordingHost('ssh');
    await callVerb(host, { verb: 'site-sentinels', slots: ['blog'], timeoutSeconds: 10 });
    expect(commands).toEqual([{ argv: ['site-sentinels', 'blog'], timeoutSeconds: 10 }]);
  });

  test('goes through sudo on the machine itself, with the limit before the verb and time to keep it', async () => {
    const { host, commands } = recordingHost('local');
    await callVerb(host, { verb: 'service-restart', slots: ['nginx'], timeoutSeconds: 10 });
    const dispatcher = '/usr/local/lib/steward/dispatch';
    const argv = [
      'sudo',
      '-n',
      dispatcher,
      'act',
      'timeout',
      '--kill-after=5',
      '10',
      'service-restart',
      'nginx',
    ];
    expect(commands).toEqual([{ argv, timeoutSeconds: 16 }]);
  });

  test.each([124, 137])(
    'takes the exit code %i of the machine itself for a time that is over',
    async (exitCode) => {
      const { host } = recordingHost('local', { kind: 'failed', exitCode, reason: 'x', ...nothing });
      const outcome = await callVerb(host, { verb: 'ping', timeoutSeconds: 3 });
      expect(outcome).toMatchObject({ kind: 'unknown', reason: 'timed out after 3 s' });
    },
  );

  test.each([
    ['too few slots', []],
    ['too many slots', ['blog', 'shop']],
    ['a slot with a blank', ['blog; reboot']],
    ['a slot with a leading dash', ['--help']],
    ['an empty slot', ['']],
  ])('sends nothing where there are %s', async (_what, slots) => {
    const { host, commands } = recordingHost('ssh');
    await expect(callVerb(host, { verb: 'site-sentinels', slots, timeoutSeconds: 1 })).rejects.toThrow(
      TypeError,
    );
    expect(commands).toEqual([]);
  });
});
