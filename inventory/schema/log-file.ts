import { z } from 'zod';
import { absolutePath } from './values.ts';

/** The formats that a site's log may have. */
const siteLogFormats = [
  'wordpress-debug',
  'php-error',
  'nginx-access',
  'nginx-error',
  'apache-access',
  'apache-error',
  'php-fpm',
  'php-fpm-slow',
] as const;

/** The format of a log. */
export type LogFormat = (typeof siteLogFormats)[number] | 'freqtrade';

/** A path that is written in just one way: the host compares it with where it leads. */
export const logPath = absolutePath.refine((path) => !/\/\.{0,2}(?:\/|$)/.test(path), {
  error: 'the path of a file without empty parts, "." and ".."',
});

/** One log of a site. */
export const siteLogSchema = z.strictObject({
  file: logPath.describe('The log on the host. It is read as root, and never through a link.'),
  format: z.enum(siteLogFormats).describe('What its lines look like.'),
});
