import { describe } from '@jest/globals';
import { openHost } from '../../../hosts/open-host.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import { describeHostContract } from '../../contracts/host.contract.ts';
import { startPlainSshd } from '../../helpers/plain-sshd.ts';

describe('a host over a real sshd', () => {
  describeHostContract(async () => {
    const folder = await createTempFolder('steward-sshd');
    const sshd = await startPlainSshd(folder.path);
    return {
      host: openHost('there', sshd.entry(), 'read', (path) => path),
      close: async () => {
        await sshd.stop();
        await folder.remove();
      },
    };
  });
});
