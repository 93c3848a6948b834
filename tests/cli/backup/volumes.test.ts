import { expect, test } from '@jest/globals';
import { onVolume } from '../../../cli/backup/volumes.ts';

test('what reads or fills a volume uses the image that is there, and asks no registry for it', () => {
  const config = { name: 'steward', services: {}, volumes: {}, secrets: {}, configs: {} };
  const volume = { id: 'remediator', name: 'steward_remediator', service: 'remediator', user: '1000:1000' };
  const words = onVolume({ project: [], config, image: 'an/image:1', volumes: [volume] }, volume, [
    'sh',
    '-c',
    'true',
  ]);
  expect(words.join(' ')).toContain(' --pull=never ');
  expect(words.join(' ')).toContain(' --network none ');
  expect(words.indexOf('--pull=never')).toBeLessThan(words.indexOf('an/image:1'));
});
