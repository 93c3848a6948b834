import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { stripFolders, stripSource } from '../../cli/strip.ts';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';

test.each([
  { kind: 'an import', source: "import { a } from './a.ts';", stripped: "import { a } from './a.js';" },
  { kind: 'a bare import', source: "import '../b/a.ts';", stripped: "import '../b/a.js';" },
  { kind: 'an import at run time', source: "await import('./a.ts');", stripped: "await import('./a.js');" },
  {
    kind: 'a worker',
    source: "new URL('./a.ts', import.meta.url);",
    stripped: "new URL('./a.js', import.meta.url);",
  },
  { kind: 'a package', source: "import { z } from 'zod';", stripped: "import { z } from 'zod';" },
  { kind: 'a text', source: "const text = 'see a.ts';", stripped: "const text = 'see a.ts';" },
])('$kind keeps leading where it led', ({ source, stripped }) => {
  expect(stripSource(source)).toBe(stripped);
});

test('what was stripped runs as JavaScript, beside the files that are not TypeScript', async () => {
  await using folder = await createTempFolder('steward-strip');
  const [from, to] = [path.join(folder.path, 'from'), path.join(folder.path, 'to')];
  await mkdir(path.join(from, 'app/deep'), { recursive: true });
  await writeFile(
    path.join(from, 'app/main.ts'),
    "import { two } from './deep/two.ts';\nconsole.log(two as number);\n",
  );
  await writeFile(path.join(from, 'app/deep/two.ts'), 'export const two: number = 2;\n');
  await writeFile(path.join(from, 'app/deep/0001.sql'), 'select 1;\n');
  await writeFile(path.join(from, 'app/start.js'), "#!/usr/bin/env node\nawait import('./main.ts');\n");
  await chmod(path.join(from, 'app/start.js'), 0o755);
  await writeFile(path.join(from, 'package.json'), '{"type":"module"}');
  await mkdir(to);
  await writeFile(path.join(to, 'old.js'), '');

  await stripFolders(from, to, ['app']);
  await writeFile(path.join(to, 'package.json'), '{"type":"module"}');

  expect((await readdir(to, { recursive: true })).sort()).toEqual([
    'app',
    'app/deep',
    'app/deep/0001.sql',
    'app/deep/two.js',
    'app/main.js',
    'app/start.js',
    'package.json',
  ]);
  expect(await readFile(path.join(to, 'app/deep/0001.sql'), 'utf8')).toBe('select 1;\n');
  for (const name of ['app/main.js', 'app/start.js']) {
    const { stdout } = await runCommand([process.execPath, '--no-strip-types', path.join(to, name)]);
    expect(stdout).toBe('2\n');
  }
  expect((await stat(path.join(to, 'app/start.js'))).mode & 0o777).toBe(0o755);
});
