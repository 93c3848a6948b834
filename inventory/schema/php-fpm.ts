import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { absolutePath } from './values.ts';

const STATUS_PATH = 'a path such as /fpm-status, which does not end in .php';
const ADDRESS = 'an address of loopback with a port, such as 127.0.0.1:9000';
const STATUS_URL = 'an http:// address such as http://127.0.0.1/fpm-status, with no query but ?json';

const ways = ['socket', 'address', 'status_url'] as const;

/** The pool of PHP-FPM that runs a site, and the one way in which it is asked. */
export const phpFpmSchema = z
  .strictObject({
    socket: absolutePath.optional().describe('The unix socket that the pool listens on, on the host.'),
    address: z
      .string(ADDRESS)
      .regex(/^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost):[1-9]\d{0,4}$/, ADDRESS)
      .refine((text) => URL.canParse(`http://${text}`), { error: ADDRESS })
      .optional()
      .describe('The address of loopback that the pool listens on instead, on the host.'),
    status_path: z
      .string(STATUS_PATH)
      .regex(/^\/[A-Za-z0-9._/-]{1,100}(?<!\.php)$/, STATUS_PATH)
      .optional()
      .describe(
        'What pm.status_path of the pool says, beside socket or address. The web server need not know it.',
      ),
    status_url: z
      .string(STATUS_URL)
      .regex(
        /^http:\/\/(?:[A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:]{2,45}\])(?::\d{1,5})?\/[A-Za-z0-9._/-]{1,100}(?:\?json)?$/,
        STATUS_URL,
      )
      .refine((text) => URL.canParse(text), { error: STATUS_URL })
      .optional()
      .describe(
        'Where the web server gives the status instead. It is asked on the host; OPcache cannot be asked this way.',
      ),
  })
  .superRefine((pool, context) => {
    const [first, second] = ways.filter((way) => pool[way] !== undefined);
    const refuse = (key: keyof typeof pool, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message, input: pool[key] });
    if (first === undefined) refuse('socket', 'socket, address or status_url');
    else if (second !== undefined) refuse(second, `no ${second} beside ${first}`);
    else if (first === 'status_url' && pool.status_path !== undefined)
      refuse('status_path', 'no status_path beside status_url');
    else if (first !== 'status_url' && pool.status_path === undefined) refuse('status_path', STATUS_PATH);
  });

/** The pool of a site, as steward.yml describes it. */
export type PhpFpmEntry = DeepReadonly<z.output<typeof phpFpmSchema>>;
