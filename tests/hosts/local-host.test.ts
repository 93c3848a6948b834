import { userInfo } from 'node:os';
import { describe } from '@jest/globals';
import { createLocalHost } from '../../hosts/local/local-host.ts';
import { describeHostContract } from '../contracts/host.contract.ts';

describe('the local host', () => {
  describeHostContract(() =>
    Promise.resolve({
      host: createLocalHost('here', userInfo().username),
      close: () => Promise.resolve(),
    }),
  );
});
