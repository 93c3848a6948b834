import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { compileRe2Search, Re2Error } from '../promql/re2.ts';
import { siteLogSchema } from './log-file.ts';
import { phpFpmSchema } from './php-fpm.ts';
import { accountName, httpUrl, id, siteFolder, slotName } from './values.ts';

const MODE = 'a mode of three octal digits in quotes, such as "0644"';

const mode = z
  .string(MODE)
  .regex(/^0?[0-7]{3}$/, MODE)
  .transform((text) => Number.parseInt(text, 8));

const searchExpression = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((source, context) => {
    try {
      compileRe2Search(source);
    } catch (error) {
      if (!(error instanceof Re2Error)) throw error;
      context.addIssue({ code: 'custom', message: error.message, input: source });
    }
  });

/** What the modes of a site's files should be: the most that is allowed; the owner's own bits are also required. */
const permissionsSchema = z.strictObject({
  directories: mode.prefault('0755').describe('Mode of directories.'),
  files: mode.prefault('0644').describe('Mode of files; execute bits are tolerated.'),
  config: mode.prefault('0640').describe('Mode of wp-config.php.'),
});

/** One WordPress site. */
export const siteSchema = z.strictObject({
  host: id.describe('The host it stands on, by its id.'),
  url: httpUrl.describe('The address that visitors open.'),
  path: siteFolder.describe('The folder of wp-config.php and wp-content on the host.'),
  owner: accountName.describe('The account that owns the files.'),
  group: accountName.optional().describe("The group of the files; the owner's name where it is not given."),
  permissions: permissionsSchema.prefault({}).describe('What its permissions should be.'),
  expect: z
    .strictObject({
      status: z
        .array(z.int().min(100).max(599))
        .min(1)
        .optional()
        .describe('Status codes that count as up; 2xx otherwise.'),
      body: z.string().min(1).optional().describe('A text that the page must contain.'),
      body_regexp: searchExpression
        .optional()
        .describe('A regular expression in the syntax of RE2 that must match somewhere on the page.'),
    })
    .prefault({})
    .describe('What the HTTP probe takes for up.'),
  services: z.array(slotName).default([]).describe('The services it needs, by their names on its host.'),
  certificate: slotName
    .optional()
    .describe(
      "The name of its certificate at certbot, as `certbot certificates` prints it; the address's host name where it is not given.",
    ),
  php_fpm: phpFpmSchema.optional().describe('Its pool of PHP-FPM, to be asked for its status.'),
  logs: z.array(siteLogSchema).max(20).default([]).describe('Its logs on the host, 20 at most.'),
});

/** A site as steward.yml describes it, defaults filled in; modes are numbers. */
export type SiteEntry = DeepReadonly<z.output<typeof siteSchema>>;
/** The permission profile of a site. */
export type PermissionProfile = DeepReadonly<z.output<typeof permissionsSchema>>;
