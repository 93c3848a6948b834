import { z } from 'zod';
import { cipherSuites, curves, namesOf, tlsVersions } from './tls-names.ts';

const fileName = z.string('the path of a file, relative to this one').min(1, 'the path of a file');
const version = z.enum(namesOf(tlsVersions));

const clientAuthTypes = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'RequireClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;

const tlsFields = z.strictObject({
  cert_file: fileName,
  key_file: fileName,
  client_auth_type: z.enum(clientAuthTypes).default('NoClientCert'),
  client_ca_file: fileName.optional(),
  client_allowed_sans: z.array(z.string().min(1)).min(1).optional(),
  min_version: version.default('TLS12'),
  max_version: version.default('TLS13'),
  cipher_suites: z.array(z.enum(namesOf(cipherSuites))).default([]),
  prefer_server_cipher_suites: z.boolean().default(true),
  curve_preferences: z.array(z.enum(namesOf(curves))).default([]),
});

const tlsSchema = tlsFields.superRefine((tls, context) => {
  const problem = (key: string, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message });
  const type = tls.client_auth_type;
  if (tls.min_version > tls.max_version) problem('min_version', 'no newer version than max_version');
  if (tls.client_ca_file === undefined && type.includes('Verify'))
    problem('client_ca_file', `the authority whose certificates ${type} takes`);
  if (tls.client_ca_file !== undefined && type === 'NoClientCert')
    problem('client_auth_type', 'RequireAndVerifyClientCert, since there is a client_ca_file');
  if (tls.client_allowed_sans !== undefined && !type.startsWith('Require'))
    problem('client_auth_type', 'RequireAndVerifyClientCert, since there are client_allowed_sans');
});

const headerText = z.string().regex(/^[\t\x20-\x7e]*$/, 'printable ASCII on one line');

const headersSchema = z.strictObject({
  'Strict-Transport-Security': headerText.optional(),
  'X-Content-Type-Options': z.literal('nosniff').optional(),
  'X-Frame-Options': z.enum(['deny', 'sameorigin']).optional(),
  'X-XSS-Protection': headerText.optional(),
  'Content-Security-Policy': headerText.optional(),
});

const httpSchema = z.strictObject({
  http2: z.literal(false).optional(),
  headers: headersSchema.default({}),
});

const bcryptHash = z
  .string('a bcrypt hash')
  .regex(
    /^\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/,
    'a bcrypt hash with a cost from 4 to 14; `htpasswd -nBC 10 "" | tr -d \':\\n\'` makes one',
  );

/** As much of the web configuration of Prometheus's exporters as is kept here. */
export const webConfigSchema = z.strictObject({
  tls_server_config: tlsSchema.optional(),
  http_server_config: httpSchema.default({ headers: {} }),
  basic_auth_users: z
    .record(
      z.string().regex(/^[^:\p{Cc}]+$/u, 'a name that is not empty and without ":"'),
      bcryptHash,
      'a mapping of users to bcrypt hashes',
    )
    .refine((users) => Object.keys(users).length > 0, 'at least one user, or no basic_auth_users')
    .optional(),
});

/** What a web configuration says, before the files that it names are read. */
export type WebConfigText = z.infer<typeof webConfigSchema>;
/** Its part about TLS. */
export type TlsText = z.infer<typeof tlsSchema>;

/** Lists the keys that the mapping at a path may have; none where anything goes. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const shapes: Readonly<Record<string, object>> = {
    '': webConfigSchema.shape,
    tls_server_config: tlsFields.shape,
    http_server_config: httpSchema.shape,
    'http_server_config.headers': headersSchema.shape,
  };
  return Object.keys(shapes[path.join('.')] ?? {});
}

/** Keys of the format that are not kept here, and what to do instead. */
export const unsupportedKeys: Readonly<Record<string, string>> = {
  'tls_server_config.cert': 'cert_file, with the certificate in a file of its own',
  'tls_server_config.key': 'key_file, with the key in a file of its own',
  'tls_server_config.client_ca': 'client_ca_file, with the certificate in a file of its own',
  rate_limit: 'no rate_limit; a proxy before this service can limit requests',
};
