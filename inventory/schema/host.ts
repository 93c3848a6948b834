import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { absolutePath, accountName, localFile, slotName } from './values.ts';

/** The service managers that Steward can ask and tell. */
const serviceManagers = ['systemd', 'sysv', 'supervisor', 'docker'] as const;

/** One service that Steward watches on a host and, where a policy says so, restarts. */
const serviceSchema = z.strictObject({
  name: slotName.describe('The name of the service as its manager knows it.'),
  manager: z.enum(serviceManagers).describe('Who starts and stops it.'),
  config_test: z
    .array(z.string().regex(/^[^\u0000-\u001f\u007f]+$/, 'a word without control characters'))
    .max(20)
    .optional()
    .describe(
      'The command and its arguments that test its configuration before it is restarted; [] for none. Left out: that of nginx, Apache and php-fpm under systemd, sysv and docker.',
    ),
  config: absolutePath.optional().describe('For supervisor: the path of its configuration file on the host.'),
});

const hostKey = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'SHA256: and 43 characters of base64');

/** One host: reached over SSH, or the machine that Steward itself runs on. */
export const hostSchema = z
  .strictObject({
    local: z
      .literal(true)
      .optional()
      .describe('The machine that Steward runs on: nothing is asked over SSH.'),
    address: z
      .string()
      .regex(/^[A-Za-z0-9:_][A-Za-z0-9.:_-]*$/, 'a host name or an IP address')
      .optional()
      .describe('Host name or IP address of its sshd.'),
    mounted_at: absolutePath
      .refine((path) => path.length > 1 && !path.endsWith('/'), { error: 'a folder such as /host' })
      .optional()
      .describe(
        'Where the exporter has the root of this host mounted, read-only: what its kernel says is read there, all else is asked over SSH. docs/this-machine.md.',
      ),
    port: z.int().min(1).max(65_535).default(22).describe('Port of its sshd.'),
    user: accountName.default('steward').describe('The unprivileged account that Steward logs in as.'),
    read_key_file: localFile.optional().describe("The exporter's private key: it can only read."),
    act_key_file: localFile
      .optional()
      .describe("The remediator's private key: it can run the verbs of the policies."),
    host_key: hostKey
      .optional()
      .describe('Fingerprint of the host key; `steward host trust <host>` writes it.'),
    services: z.array(serviceSchema).default([]).describe('The services to watch.'),
  })
  .superRefine((host, context) => {
    const missing = (['address', 'read_key_file', 'act_key_file'] as const).filter(
      (key) => host[key] === undefined,
    );
    if (host.local !== true) {
      for (const key of missing) {
        context.addIssue({
          code: 'custom',
          path: [key],
          message: `${key}, or \`local: true\``,
          input: undefined,
        });
      }
      return;
    }
    for (const key of ['address', 'mounted_at'] as const) {
      if (host[key] === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `no ${key} beside \`local: true\``,
        input: host[key],
      });
    }
  });

/** A host as steward.yml describes it, defaults filled in. */
export type HostEntry = DeepReadonly<z.output<typeof hostSchema>>;
/** A service of a host. */
export type ServiceEntry = DeepReadonly<z.output<typeof serviceSchema>>;
/** The name of a service manager. */
export type ServiceManagerName = (typeof serviceManagers)[number];
