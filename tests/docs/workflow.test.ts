import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { expect, test } from '@jest/globals';

const text = await readFile('.github/workflows/ci.yml', 'utf8');

test('every action is pinned to a commit, with its version beside it', () => {
  const used = text.split('\n').filter((line) => line.includes('uses:'));
  expect(used.length).toBeGreaterThan(3);
  for (const line of used) expect(line).toMatch(/uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('images carry what is in them and how they were built, and nothing may be written but packages', () => {
  const { permissions, jobs } = load(text) as {
    permissions: object;
    jobs: Record<string, { permissions?: object; steps: { with?: object }[] }>;
  };
  expect(permissions).toEqual({ contents: 'read' });
  expect(jobs['images']?.permissions).toEqual({ contents: 'read', packages: 'write' });
  expect(jobs['images']?.steps.at(-1)?.with).toMatchObject({ sbom: true, provenance: 'mode=max' });
});
