import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { dashboardFiles } from '../grafana/dashboard-files.ts';

const FOLDER = 'docs/alerts';
const pages = readdirSync(FOLDER).filter((name) => name !== 'README.md');

/** Each section that a runbook has, in this order, and how much it says at the least. */
const sections: Readonly<Record<string, number>> = {
  'What it means': 60,
  'What it costs': 30,
  'How to see it': 40,
  'What Steward does by itself, and when not': 8,
  'By hand': 30,
};

/** The titles of the panels of each dashboard, by its title. */
const panels = new Map(
  dashboardFiles.map(({ title, panels: all }) => [title, all.map((panel) => panel.title)]),
);

describe.each(pages)('%s', (name) => {
  const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
  const [heading, ...parts] = text.split(/^## /m);

  test('has its sections in their order, each with something to say', () => {
    expect(heading).toBe(`# ${name.replace('.md', '')}\n\n`);
    expect(parts.map((part) => part.split('\n', 1)[0])).toEqual(Object.keys(sections));
    const thin = parts.filter((part) => {
      const [title = '', ...lines] = part.split('\n');
      return lines.join('\n').trim().length < (sections[title] ?? Infinity);
    });
    expect(thin).toEqual([]);
  });

  test('names panels that are on the dashboards, and shows nothing else there', () => {
    const ofPanels = /panels? ("[^"]+"(?:(?:, | and )"[^"]+")*) of "([^"]+)"/g;
    for (const [, titles = '', dashboard = ''] of text.matchAll(ofPanels)) {
      const named = [...titles.matchAll(/"([^"]+)"/g)].map(([, title]) => title);
      expect(panels.get(dashboard)).toEqual(expect.arrayContaining(named));
    }
    const rest = text.replaceAll(ofPanels, '').replaceAll(/wp-admin, Dashboard/g, '');
    expect(rest).not.toMatch(/\bpanels? "|dashboard|command center/i);
  });
});
