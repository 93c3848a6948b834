import { z } from 'zod';
import type { DeepReadonly } from '../deep-freeze.ts';
import { botRequestSchema } from './bot-api.ts';
import { logPath } from './log-file.ts';
import { httpUrl, id, localFile, slotName } from './values.ts';

const HEADER = 'the name of a header, such as X-Api-Key';

/** The ways to log in at a bot's API, each with what it takes. */
const logins = [
  { name: 'username', file: 'password_file' },
  { name: 'token_file', file: 'token_file' },
  { name: 'header', file: 'header_file' },
] as const;
const SHORTEST_MS = 15_000;
/** What only bots of the kind `http_json` have. */
const ofHttpJson = ['token_file', 'header', 'header_file', 'currency', 'requests'] as const;

const fields = z.strictObject({
  kind: z
    .enum(['freqtrade', 'http_json'])
    .describe('The software it runs; http_json is any whose API answers with JSON.'),
  url: httpUrl.describe('The address of its REST API.'),
  username: z.string().min(1).optional().describe('Its API user.'),
  password_file: localFile.optional().describe('File with the password of its API user.'),
  token_file: localFile.optional().describe('File with a bearer token instead.'),
  header: z
    .string(HEADER)
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, HEADER)
    .optional()
    .describe('A header that says who asks instead.'),
  header_file: localFile.optional().describe('File with the value of that header.'),
  host: id.describe('The host it runs on, by its id.'),
  service: slotName.optional().describe('The service it runs as, by its name on the host.'),
  log: logPath.optional().describe('Its log file on the host. It is read as root, and never through a link.'),
  currency: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,20}$/, 'a currency such as USDT')
    .optional()
    .describe('The currency that its amounts are in.'),
  requests: z.array(botRequestSchema).min(1).max(20).optional().describe('What to ask, and what to read.'),
});

type Fields = z.output<typeof fields>;
type FieldProblem = readonly [key: keyof Fields, expected: string];

/** One trading bot. */
export const botSchema = fields.superRefine((bot, context) => {
  for (const [key, message] of [...loginProblems(bot), ...kindProblems(bot), ...requestProblems(bot)])
    context.addIssue({ code: 'custom', path: [key], message, input: bot[key] });
});

/** A bot as steward.yml describes it. */
export type BotEntry = DeepReadonly<z.output<typeof botSchema>>;

function loginProblems(bot: Fields): FieldProblem[] {
  const [login, second] = logins.filter(({ name }) => bot[name] !== undefined);
  const both =
    second === undefined ? [] : [[second.name, `no ${second.name} beside ${login?.name ?? ''}`] as const];
  const halves = logins.flatMap(({ name, file }): FieldProblem[] => {
    if (name === file || (bot[name] === undefined) === (bot[file] === undefined)) return [];
    return [[bot[name] === undefined ? name : file, `${name} and ${file} together`]];
  });
  return [...both, ...halves];
}

function kindProblems(bot: Fields): FieldProblem[] {
  if (bot.kind === 'http_json')
    return bot.requests === undefined ? [['requests', 'a list of what to ask']] : [];
  const strange = ofHttpJson.filter((key) => bot[key] !== undefined);
  const isNamed = bot.username !== undefined || bot.password_file !== undefined;
  return [
    ...(isNamed ? [] : [['username', 'a text'] as const]),
    ...strange.map((key) => [key, `no ${key}: it is for bots of the kind http_json`] as const),
  ];
}

function requestProblems({ requests = [] }: Fields): FieldProblem[] {
  const names = requests.flatMap(({ values }) => Object.keys(values));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return [
    ...(requests.some(({ every }) => every < SHORTEST_MS)
      ? [['requests', 'no `every` below 15s'] as const]
      : []),
    ...(twice === undefined ? [] : [['requests', `each value once; ${twice} is there twice`] as const]),
  ];
}

/** The files of secrets that a bot's entry names. */
export function botSecretFiles({ password_file, token_file, header_file }: BotEntry): string[] {
  return [password_file, token_file, header_file].filter((file) => file !== undefined);
}
