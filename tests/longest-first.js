import Sequencer from '@jest/test-sequencer';

/** Files that take minutes, the longest first. */
const LONGEST = [
  'tests/compose/engine.test.ts',
  'tests/e2e/every-policy.test.ts',
  'tests/remediator/crash/crash-matrix.test.ts',
];

/** Starts what takes longest first: begun last, it would keep one worker busy for minutes while the other has nothing left to do. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const placeOf = ({ path }) => {
      const place = LONGEST.findIndex((file) => path.endsWith(`/${file}`));
      return place === -1 ? LONGEST.length : place;
    };
    return super.sort(tests).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
