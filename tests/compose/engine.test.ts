import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { availableEngine } from './engine/available-engine.ts';
import { makeBaseImages, makeSiteImage } from './engine/base-images.ts';
import { testDemo } from './engine/demo-stack.ts';
import type { Engine } from './engine/engine.ts';
import { testLargeStack } from './engine/large-stack.ts';
import { testOperator } from './engine/operator.ts';
import { testThisMachine } from './engine/this-machine.ts';

const folder = await createTempFolder('steward-engine');
// Where no engine can be started, the tests count as skipped, and the reason is their name.
const started = await availableEngine(folder.path);
const describeWithEngine = typeof started === 'string' ? describe.skip : describe;
const reason = typeof started === 'string' ? ` (no engine: ${started})` : '';

beforeAll(async () => {
  if (typeof started === 'string') return;
  await makeBaseImages(started, join(folder.path, 'images'));
  await makeSiteImage(started, join(folder.path, 'images'));
}, 900_000);

describeWithEngine.each([
  { what: 'the demo', testIt: testDemo },
  { what: 'what an operator does', testIt: testOperator },
  { what: 'the machine of the containers', testIt: testThisMachine },
  { what: 'the profiles postgres and scale', testIt: testLargeStack },
])(`$what on a real engine${reason}`, ({ what, testIt }) =>
  testIt(started as Engine, join(folder.path, what.replaceAll(' ', '-'))),
);

afterAll(async () => {
  if (typeof started !== 'string') await started.stop();
  await folder.remove();
}, 120_000);
