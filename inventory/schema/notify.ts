import { z } from 'zod';
import { httpUrl, localFile } from './values.ts';

/** Who is told. */
export const notifySchema = z.strictObject({
  telegram: z
    .strictObject({
      chat: z.string().min(1).describe('The id of the chat.'),
      token_file: localFile.describe("File with the bot's token."),
    })
    .optional(),
  webhook: z
    .strictObject({
      url: httpUrl.describe('The address that gets a POST.'),
      secret_file: localFile.describe('File with the key that signs the body (HMAC-SHA256).'),
    })
    .optional(),
});
