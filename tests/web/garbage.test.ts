import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { expect, test } from '@jest/globals';
import { createTempFolder } from '../../lab/parts/temp-folder.ts';
import { readBasicCredentials } from '../../web/basic-credentials.ts';
import { loadWebConfig } from '../../web/load-web-config.ts';

const keys = [
  'tls_server_config',
  'http_server_config',
  'basic_auth_users',
  'rate_limit',
  'headers',
  'cert_file',
];
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 1.5, '', '.', 'TLS12', 'NoClientCert', '__proto__'),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), tie('value'), { maxKeys: 4 }),
  ),
}));

test('of any file something is made or something is said, in lines that are whole', async () => {
  await using folder = await createTempFolder('steward-web');
  const file = join(folder.path, 'web.yml');
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        value.map((any) => dump(any)),
      ),
      async (text) => {
        await writeFile(file, text);
        const result = loadWebConfig(file);
        if ('config' in result) return;
        expect(result.problems.length).toBeGreaterThan(0);
        for (const { found, expected } of result.problems) {
          expect(found).not.toBe('');
          expect(expected).not.toBe('');
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('of any credentials that are sent the same come out', () => {
  const user = fc.string().filter((text) => !text.includes(':'));
  fc.assert(
    fc.property(user, fc.string({ unit: fc.constantFrom(':', 'a', '\0', 'é', '🗝') }), (name, password) => {
      const header = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
      expect(readBasicCredentials(header)).toEqual({ user: name, password });
    }),
  );
});
