import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { readProcessList } from '../../../exporter/clients/process-list.ts';
import { parseProcesses, processMemory } from '../../../exporter/collectors/processes.ts';
import { createLocalHost } from '../../../hosts/local/local-host.ts';
import { brief } from '../../helpers/brief.ts';

const status = (name: string, kibibytes: number) => `Name:\t${name}\nVmRSS:\t${kibibytes} kB\n`;

describe('processes', () => {
  test('are summed by name; all but the largest five are "other"', () => {
    const text = [
      status('php-fpm8.2', 100),
      status('php-fpm8.2', 50),
      'Name:\tkworker/0:1\n',
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((name, index) => status(name, 10 - index)),
    ].join('');
    expect(brief(parseProcesses(text))).toEqual([
      `host_process_memory_bytes other ${(6 + 5) * 1024}`,
      'host_processes other 2',
      `host_process_memory_bytes php-fpm8.2 ${150 * 1024}`,
      'host_processes php-fpm8.2 2',
      ...['a', 'b', 'c', 'd'].flatMap((name, index) => [
        `host_process_memory_bytes ${name} ${(10 - index) * 1024}`,
        `host_processes ${name} 1`,
      ]),
    ]);
  });

  test('by any name cost no more, and none can pass for another', () => {
    const hostile = [
      status('other', 100),
      status('x"} 1\\nhost_up 0', 90),
      status('\u0000\u001b[31m\ud800', 80),
      status('y'.repeat(10_000), 70),
      'Name:\tVmRSS:\t5 kB\n',
      'Name:\tz\nVmRSS:\tNaN kB\n',
      `Name:\tz\nVmRSS:\t${'9'.repeat(400)} kB\n`,
    ].join('');
    expect(parseProcesses(hostile).map(({ labels, value }) => [labels['command'], value])).toEqual([
      ['other', 100 * 1024],
      ['other', 1],
      ['x___1_nhost_up_0', 90 * 1024],
      ['x___1_nhost_up_0', 1],
      ['___31m_', 80 * 1024],
      ['___31m_', 1],
      ['y'.repeat(32), 70 * 1024],
      ['y'.repeat(32), 1],
    ]);
    const many = Array.from({ length: 10_000 }, (_, index) => status(`p${index}`, 1)).join('');
    expect(parseProcesses(many)).toHaveLength(2 * 6);
  });

  test.each(['', '<html>', 'Name:\tkworker\n'])('%j is a bad answer', (text) => {
    expect(() => parseProcesses(text)).toThrow(expect.objectContaining({ reason: 'bad_answer' }));
  });

  test('of this machine are read', async () => {
    const text = await readProcessList(createLocalHost('here', 'steward'), AbortSignal.timeout(10_000));
    const [name = ''] = (await readFile('/proc/self/status', 'utf8')).split('\n');
    expect(text.split('\n')).toContain(name);
    expect(parseProcesses(text).length).toBeGreaterThan(2);
    expect(processMemory.metrics).toHaveLength(2);
  });
});
