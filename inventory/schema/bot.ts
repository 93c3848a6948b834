import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { logPath } from './log-file.ts';
import { httpUrl, id, localFile, slotName } from './values.ts';

/** One trading bot. */
export const botSchema = z.strictObject({
  kind: z.enum(['freqtrade']).describe('The software it runs.'),
  url: httpUrl.describe('The address of its REST API.'),
  username: z.string().min(1).describe('Its API user.'),
  password_file: localFile.describe('File with the password of its API user.'),
  host: id.describe('The host it runs on, by its id.'),
  service: slotName.optional().describe('The service it runs as, by its name on the host.'),
  log: logPath.optional().describe('Its log file on the host. It is read as root, and never through a link.'),
});

/** A bot as steward.yml describes it. */
export type BotEntry = DeepReadonly<z.output<typeof botSchema>>;
