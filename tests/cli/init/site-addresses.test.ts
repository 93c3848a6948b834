import { expect, test } from '@jest/globals';
import type { Terminal } from '../../../cli/command.ts';
import { settleAddresses } from '../../../cli/init/site-addresses.ts';

test('a site whose address nobody names is left out, and where it can be written is said', async () => {
  const nobody: Terminal = {
    print: () => undefined,
    say: () => undefined,
    hint: () => undefined,
    progress: () => undefined,
    ask: () => Promise.resolve(undefined),
  };
  const site = {
    path: '/srv/blog',
    at: () => {
      throw new Error('it has no address');
    },
  };
  expect(await settleAddresses({ sites: [], withoutAddress: [site] }, [], nobody)).toEqual({
    sites: [],
    elsewhere: [],
    // Another `steward init` would find that steward.yml is there already.
    leftOut: [
      '/srv/blog: its address is not known; write it below sites in steward.yml, as steward.example.yml shows',
    ],
  });
});
