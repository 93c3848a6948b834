import { expect, test } from '@jest/globals';
import { changingPanels, silentPanels } from '../e2e/silent-panels.ts';
import { namedQueries } from './dashboard-files.ts';

const listed = [...Object.values(silentPanels).flat(), ...Object.keys(changingPanels)];

test.each(listed)('%s, which may be silent on the lab, is a query of a panel', (name) => {
  expect(namedQueries().map((query) => query.name)).toContain(name);
});

test('no query is listed twice', () => {
  expect(new Set(listed).size).toBe(listed.length);
});
