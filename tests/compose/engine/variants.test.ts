import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import { availableEngine } from './available-engine.ts';
import { makeBaseImages, makeSiteImage } from './base-images.ts';
import type { Engine } from './engine.ts';
import { testLargeStack } from './large-stack.ts';
import { testOperator } from './operator.ts';

const folder = await createTempFolder('steward-variants');
const started = await availableEngine(folder.path);
const describeWithEngine = typeof started === 'string' ? describe.skip : describe;
const reason = typeof started === 'string' ? ` (no engine: ${started})` : '';

beforeAll(async () => {
  if (typeof started === 'string') return;
  await makeBaseImages(started, join(folder.path, 'images'));
  await makeSiteImage(started, join(folder.path, 'images'));
}, 900_000);

// The first: it begins without an image of Steward, and the second has what it builds.
describeWithEngine(`what an operator does on a real engine${reason}`, () =>
  testOperator(started as Engine, folder.path),
);

describeWithEngine(`the profiles postgres and scale on a real engine${reason}`, () =>
  testLargeStack(started as Engine, folder.path),
);

afterAll(async () => {
  if (typeof started !== 'string') await started.stop();
  await folder.remove();
}, 120_000);
