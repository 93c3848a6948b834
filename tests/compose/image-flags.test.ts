import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { IMAGE_FLAGS, IMAGE_MALLOC } from '../../lab/stack/servers.ts';

test.each(['exporter', 'remediator'] as const)(
  'the lab starts Node as the image of the %s does',
  async (name) => {
    const dockerfile = await readFile(`${name}/Dockerfile`, 'utf8');
    expect(dockerfile).toContain(`\nENV NODE_ENV=production ${IMAGE_MALLOC}\n`);
    const entry = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1];
    expect(JSON.parse(entry ?? 'null')).toEqual([
      'node',
      ...IMAGE_FLAGS[name],
      `/opt/steward/dist/${name}/main.js`,
    ]);
  },
);
