import { expect, test } from '@jest/globals';
import { compareVersions } from '../../../exporter/integrity/version-compare.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';

const versions = [
  ...['1', '1.0', '1.0.0', '1.0.1', '1.10', '1.2', '1.2.3.4', '10', '01.2', '0', '', '20240101', '1..2'],
  ...[
    '1.0-dev',
    '1.0dev',
    '1.0a',
    '1.0-alpha',
    '1.0alpha2',
    '1.0-b1',
    '1.0-beta',
    '1.0RC1',
    '1.0-rc.2',
    '1.0rc1',
  ],
  ...['1.0pl1', '1.0p1', '1.0-p', '1.0+build', '1.0_2', '1.0-2', 'v1.0', 'v1.1', 'x', '1.0-foo'],
];

test('versions are compared as PHP compares them, each with each', async () => {
  const pairs = versions.flatMap((first) => versions.map((second) => [first, second] as const));
  const { stdout } = await runCommand([
    'php',
    '-r',
    'foreach (json_decode($argv[1]) as [$first, $second]) echo version_compare($first, $second), " ";',
    JSON.stringify(pairs),
  ]);
  const expected = stdout.trim().split(' ').map(Number);
  expect(expected).toHaveLength(pairs.length);
  const wrong = pairs.filter(([first, second], index) => compareVersions(first, second) !== expected[index]);
  expect(wrong).toEqual([]);
});
