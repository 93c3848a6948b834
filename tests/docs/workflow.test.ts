import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from '@jest/globals';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { resolveStack } from '../compose/compose.ts';

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly container?: object;
  readonly env?: object;
  readonly permissions?: object;
  readonly strategy?: { readonly matrix: { readonly name: readonly string[] } };
  readonly steps: readonly Step[];
}

const text = await readFile('.github/workflows/ci.yml', 'utf8');
const workflow = load(text) as {
  readonly on: { readonly push: object };
  readonly permissions: object;
  readonly jobs: { readonly test: Job; readonly images: Job };
};
const { test: testJob, images } = workflow.jobs;
/** Where an engine can be started, and its containers can be held to their limits and lie on a disk. */
const withEngine = {
  image: 'node:24-bookworm',
  options: '--privileged --cgroupns=host',
  volumes: ['tmp:/tmp'],
};
const nightlyText = await readFile('.github/workflows/nightly.yml', 'utf8');

test('every action is pinned to a commit, with its version beside it', () => {
  const used = (text + nightlyText).split('\n').filter((line) => line.includes('uses:'));
  expect(used.length).toBeGreaterThan(3);
  for (const line of used) expect(line).toMatch(/uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('all tests run on each change, and a missing engine is a failure there', () => {
  expect(workflow.on).toEqual({
    push: { branches: ['main'], tags: ['v*'] },
    pull_request: null,
  });
  expect(testJob.steps.at(-1)).toEqual({ run: 'npm test' });
  expect(testJob.env).toEqual({ STEWARD_ENGINE: 'required' });
  expect(testJob.container).toEqual(withEngine);
});

test('each night the stack runs on a newer engine than that of these tests', () => {
  const { jobs } = load(nightlyText) as { readonly jobs: Readonly<Record<string, Job>> };
  expect(jobs['newer-docker']?.steps.at(-1)).toEqual({ run: 'npm run -s test:compose -- --yes' });
  expect(jobs['newer-docker']?.env).toEqual({ STEWARD_ENGINE: 'newer' });
  expect(jobs['newer-docker']?.container).toEqual(withEngine);
});

test('what is published was tested first, is of a tag, and is what docker-compose.yml builds', async () => {
  expect(images).toMatchObject({ needs: 'test', if: "startsWith(github.ref, 'refs/tags/v')" });
  const { services } = (await resolveStack()).stack;
  const built = Object.entries(services).filter(([, { build }]) => build !== undefined);
  expect(images.strategy?.matrix.name).toEqual(built.map(([name]) => name));
  expect(images.steps.at(-1)?.with).toMatchObject({ context: '.', file: '${{ matrix.name }}/Dockerfile' });
  for (const [name, { build }] of built) expect(build?.dockerfile).toBe(`${name}/Dockerfile`);
});

test('images carry what is in them and how they were built, and nothing may be written but packages', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(testJob.permissions).toBeUndefined();
  expect(images.permissions).toEqual({ contents: 'read', packages: 'write' });
  expect(images.steps.at(-1)?.with).toMatchObject({ push: true, sbom: true, provenance: 'mode=max' });
});

test('their names are in lower case, and are those that docker-compose.yml asks for where .env names them', async () => {
  await using folder = await createTempFolder('steward-workflow');
  const { run = '' } = images.steps.find(({ id }) => id === 'image') ?? {};
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  const environment = ['GITHUB_REPOSITORY=Some-One/Steward', `GITHUB_REF_NAME=v${version}`] as const;
  const output = join(folder.path, 'output');
  const script = run.replace('${{ matrix.name }}', 'exporter');
  await runCommand(['env', ...environment, `GITHUB_OUTPUT=${output}`, 'bash', '-euc', script]);
  const { stack } = await resolveStack(['STEWARD_IMAGES=ghcr.io/some-one/steward']);
  expect(await readFile(output, 'utf8')).toBe(`name=${stack.services['exporter']?.image ?? ''}\n`);
  expect(images.steps.at(-1)?.with).toMatchObject({ tags: '${{ steps.image.outputs.name }}' });
});
