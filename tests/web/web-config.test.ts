import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formatProblem } from '../../inventory/problem.ts';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { loadWebConfig } from '../../web/load-web-config.ts';
import { createAuthority } from '../helpers/certificates.ts';
import { promtools, runPromtool } from '../rules/promtool.ts';

const HASH = '$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';
const TLS = 'cert_file: server.crt, key_file: server.key';
let folder: TempFolder;

beforeAll(async () => {
  folder = await createTempFolder('steward-web');
  const authority = await createAuthority(folder.path, 'authority');
  await authority.issue('server', ['DNS:localhost']);
  await authority.issue('other', ['DNS:localhost']);
  await writeFile(join(folder.path, 'garbage'), 'garbage');
  await chmod(join(folder.path, 'other.key'), 0o666);
});
afterAll(() => folder.remove());

let files = 0;
async function write(text: string | Uint8Array): Promise<string> {
  files += 1;
  const file = join(folder.path, `web-${files}.yml`);
  await writeFile(file, text);
  return file;
}

/** What is said of a file, without the folder. */
async function problemsOf(text: string | Uint8Array): Promise<string[]> {
  const file = await write(text);
  const result = loadWebConfig(file);
  const problems = 'problems' in result ? result.problems.map(formatProblem) : [];
  return problems.map((line) => line.replaceAll(file, 'web.yml').replaceAll(`${folder.path}/`, ''));
}

const accepted = [
  `tls_server_config: { ${TLS} }`,
  `basic_auth_users: { prometheus: '${HASH}', "o'hara": '${HASH}' }`,
  `tls_server_config: { ${TLS}, min_version: TLS13, max_version: TLS13 }`,
  `tls_server_config: { ${TLS}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: authority.crt }`,
  `tls_server_config: { ${TLS}, client_auth_type: VerifyClientCertIfGiven, client_ca_file: authority.crt }`,
  `tls_server_config: { ${TLS}, client_auth_type: RequestClientCert }`,
  `tls_server_config: { ${TLS}, client_auth_type: RequireAnyClientCert }`,
  `tls_server_config: { ${TLS}, client_auth_type: RequireClientCert }`,
  `tls_server_config: { ${TLS}, cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256] }`,
  `tls_server_config: { ${TLS}, curve_preferences: [CurveP256, CurveP384, CurveP521, X25519] }`,
  `tls_server_config: { ${TLS}, prefer_server_cipher_suites: false }`,
  `http_server_config: { http2: false, headers: { X-Frame-Options: deny, Strict-Transport-Security: max-age=60 } }`,
];

test.each(promtools)('what is accepted is accepted by promtool $generation too', async ({ program }) => {
  for (const text of accepted) {
    expect({ text, problems: await problemsOf(text) }).toEqual({ text, problems: [] });
    await runPromtool(program, ['check', 'web-config', await write(text)]);
  }
});

const refused = [
  [
    `tls_server_config: { cert_file: server.crt }`,
    'tls_server_config.key_file: found nothing, expected the path of a file',
  ],
  [
    `tls_server_config: { key_file: server.key }`,
    'tls_server_config.cert_file: found nothing, expected the path of a file',
  ],
  [
    `tls_server_config: { ${TLS}, client_auth_type: Always }`,
    'tls_server_config.client_auth_type: found "Always"',
  ],
  [
    `tls_server_config: { ${TLS}, client_ca_file: authority.crt }`,
    'client_auth_type: found nothing, expected RequireAndVerifyClientCert',
  ],
  [`tls_server_config: { ${TLS}, min_version: SSL3 }`, 'found "SSL3", expected one of TLS12, TLS13'],
  [`tls_server_config: { ${TLS}, cipher_suites: [RC4] }`, 'tls_server_config.cipher_suites[0]: found "RC4"'],
  [
    `tls_server_config: { ${TLS}, curve_preferences: [P1] }`,
    'tls_server_config.curve_preferences[0]: found "P1"',
  ],
  [
    `tls_server_config: { ${TLS}, certfile: x }`,
    'found the unknown key "certfile", expected perhaps cert_file',
  ],
  [
    `tls_server_config: { cert_file: none.crt, key_file: server.key }`,
    'found no file at none.crt, expected a file',
  ],
  [
    `tls_server_config: { cert_file: garbage, key_file: server.key }`,
    'tls_server_config.cert_file: found nothing that OpenSSL takes',
  ],
  [
    `tls_server_config: { cert_file: server.crt, key_file: garbage }`,
    'tls_server_config.key_file: found nothing that OpenSSL takes',
  ],
  [
    `tls_server_config: { cert_file: server.crt, key_file: authority.key }`,
    'found the key of another certificate',
  ],
  [`http_server_config: { headers: { X-Other: a } }`, 'found the unknown key "X-Other"'],
  [
    `http_server_config: { headers: { X-Frame-Options: allow } }`,
    'found "allow", expected one of deny, sameorigin',
  ],
  [`basic_auth_users: { prometheus: secret }`, 'found another text of 6 characters, expected a bcrypt hash'],
  [`tls_config: {}`, 'found the unknown key "tls_config"'],
  [`[]`, 'found an empty list'],
  [`tls_server_config: {`, 'expected YAML that parses'],
] as const;

test.each(promtools)('what promtool $generation refuses is refused', async ({ program }) => {
  for (const [text, message] of refused) {
    await expect(runPromtool(program, ['check', 'web-config', await write(text)])).rejects.toThrow();
    const problems = await problemsOf(text);
    expect({ text, problems }).toEqual({ text, problems: [expect.stringContaining(message)] });
    expect(problems[0]).toMatch(/^web\.yml/);
  }
});

describe('refused, though the exporters written in Go take it:', () => {
  test.each([
    ['', 'web.yml: found nothing'],
    [`tls_server_config: { ${TLS}, min_version: TLS10 }`, 'found "TLS10", expected one of TLS12, TLS13'],
    [
      `tls_server_config: { ${TLS}, min_version: TLS13, max_version: TLS12 }`,
      'expected no newer version than max_version',
    ],
    [
      `tls_server_config: { ${TLS}, client_auth_type: RequireAndVerifyClientCert }`,
      'client_ca_file: found nothing',
    ],
    [`tls_server_config: { ${TLS}, client_allowed_sans: [a] }`, 'since there are client_allowed_sans'],
    [
      `tls_server_config: { cert: "-----BEGIN" }`,
      'found tls_server_config.cert, which is not kept here, expected cert_file',
    ],
    [
      `tls_server_config: { cert_file: other.crt, key_file: other.key }`,
      'found other.key, which other accounts can change, expected a file of one account; run chmod go-w on it',
    ],
    [`tls_server_config: { cert_file: ., key_file: server.key }`, 'which is no file'],
    [
      `tls_server_config: { ${TLS}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: garbage }`,
      'client_ca_file: found nothing that OpenSSL takes',
    ],
    [`http_server_config: { http2: true }`, 'http_server_config.http2: found true, expected false'],
    [
      `rate_limit: { interval: 1s, burst: 1 }`,
      'found rate_limit, which is not kept here, expected no rate_limit',
    ],
    [`basic_auth_users: {}`, 'found a mapping, expected at least one user'],
    [`basic_auth_users: { a: '${HASH.replace('$10$', '$31$')}' }`, 'a cost from 4 to 14'],
    [`basic_auth_users: { 'a:b': '${HASH}' }`, 'a name that is not empty and without ":"'],
    [`basic_auth_users: { __proto__: '${HASH}' }`, 'found "__proto__", expected another name'],
    [
      `http_server_config: { headers: { X-XSS-Protection: "a\\r\\nb: c" } }`,
      'expected printable ASCII on one line',
    ],
  ])('%s', async (text, message) => {
    const problems = await problemsOf(text);
    expect(problems.join('\n')).toContain(message);
  });
});

test.each([
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x01])],
  ['more than it should be', 'a'.repeat(1024 * 1024 + 1)],
  ['lists in lists', '['.repeat(500_000)],
  ['aliases upon aliases', `a: &a [x]\nb: &b [*a, *a]\nbasic_auth_users: *b`],
])('of %s one line is said', async (_kind, text) => {
  const problems = await problemsOf(text);
  expect(problems.length).toBeGreaterThan(0);
  for (const problem of problems) expect(problem).toMatch(/^web\.yml.*: found .+, expected .+$/);
});

test('neither keys nor hashes are repeated in what is said', async () => {
  const problems = await problemsOf(
    `tls_server_config: { key: "-----BEGIN SECRET", cert: x }\nbasic_auth_users: { a: "$2y$10$SECRET" }`,
  );
  expect(problems.length).toBeGreaterThan(1);
  expect(problems.join('\n')).not.toContain('SECRET');
});

test('paths are relative to the file, and all is read', async () => {
  const result = loadWebConfig(
    await write(`tls_server_config: { ${TLS}, min_version: TLS13 }
http_server_config: { headers: { X-Frame-Options: deny, Content-Security-Policy: "" } }
basic_auth_users: { prometheus: '${HASH}' }`),
  );
  expect(result).toMatchObject({
    config: {
      tls: { clientAuth: 'NoClientCert', context: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } },
      headers: { 'X-Frame-Options': 'deny' },
      users: new Map([['prometheus', HASH]]),
    },
  });
});
