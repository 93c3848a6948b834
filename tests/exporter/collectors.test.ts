import { expect, test } from '@jest/globals';
import { collectorNames, createCollectors } from '../../exporter/collectors.ts';

const collectors = createCollectors({
  wordPressOrg: () => ({ api_url: '', downloads_url: '' }),
  vulnerabilitiesUrl: () => undefined,
  osInfo: () => Promise.reject(new Error('nothing is measured here')),
  stateFolder: () => '',
});

test.each(['host', 'site', 'bot', 'job'] as const)(
  'no metric of the module %s comes from two collectors: one would hide the other',
  (module) => {
    const names = collectors[module].flatMap(({ metrics }) => metrics.map(({ name }) => name));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  },
);

test.each(['host', 'site', 'bot', 'job'] as const)(
  'no two collectors of the module %s have one name',
  (module) => {
    const names = collectorNames({ host: [], site: [], bot: [], job: [], [module]: collectors[module] });
    expect(new Set(names).size).toBe(names.length);
  },
);
