import { statfs } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createLocalFactsReader } from '../../../exporter/clients/local-facts.ts';
import { parseFileSystems } from '../../../exporter/collectors/filesystems.ts';

const sizesIn = (facts: Parameters<typeof parseFileSystems>[0]) =>
  parseFileSystems(facts).filter(({ metric }) => metric.name === 'host_filesystem_size_bytes');

test('a disk that hangs costs its own sizes, and one thread, however often it is asked for', async () => {
  const asked: string[] = [];
  const hung = Promise.withResolvers<never>();
  const read = createLocalFactsReader({
    askSizes(mountpoint) {
      asked.push(mountpoint);
      return mountpoint === '/' ? hung.promise : statfs(mountpoint);
    },
  });
  for (let scrape = 0; scrape < 3; scrape += 1) {
    const facts = await read();
    expect(facts.meminfo).toContain('MemTotal');
    expect(sizesIn(facts).filter(({ labels }) => labels['mountpoint'] === '/')).toEqual([]);
  }
  expect(asked.filter((mountpoint) => mountpoint === '/')).toHaveLength(1);
});

test('a disk that answers again is asked again', async () => {
  let hung: PromiseWithResolvers<never> | undefined = Promise.withResolvers<never>();
  const read = createLocalFactsReader({ askSizes: (mountpoint) => hung?.promise ?? statfs(mountpoint) });
  expect(sizesIn(await read())).toEqual([]);
  hung.reject(new Error('input/output error'));
  hung = undefined;
  // The reader hears of the end in a later turn of the event loop, as it does of any file system.
  await setImmediate();
  expect(sizesIn(await read())).not.toEqual([]);
});
