import { dump, load } from 'js-yaml';
import { startHttpDouble, type HttpDouble } from './http-double.ts';
import { newest } from './programs.ts';
import { readMail, type ReadMail } from './read-mail.ts';
import { startAlertmanager, type RunningAlertmanager } from './running-alertmanager.ts';
import { startSmtpDouble, type SmtpDouble } from './smtp-double.ts';

type Settings = Record<string, unknown>;

interface Configuration {
  route: { group_wait: string; group_interval: string; routes: Route[] };
  receivers: ({ name: string } & Record<string, Settings[]>)[];
}

interface Route {
  receiver: string;
  routes?: Settings[];
}

/** An Alertmanager that tells people by every receiver at once, each being a double. */
export interface AllReceivers {
  readonly alertmanager: RunningAlertmanager;
  readonly http: HttpDouble;
  readonly smtp: SmtpDouble;
  /** What arrived as the message of that number, at each. Undefined until all have it. */
  message(index: number): Messages | undefined;
  stop(): Promise<void>;
}

/** One message, as each service got it. */
export interface Messages {
  readonly telegram: { chat_id: string; text: string; parse_mode: string };
  readonly slack: { attachments: { title: string; text: string; color: string; fallback: string }[] };
  readonly discord: { embeds: { title: string; description: string }[] };
  readonly email: ReadMail;
  readonly webhook: { version: string; alerts: unknown[] };
}

/**
 * Starts it with the shipped receivers and templates. What differs: addresses, no TLS for mail, no night, and how long a group waits
 * for its first message. An alert that began longer ago than that does not wait.
 */
export async function startAllReceivers(groupWait: string): Promise<AllReceivers> {
  const http = await startHttpDouble();
  const smtp = await startSmtpDouble();
  const alertmanager = await startAlertmanager(newest, {
    edit: (text) => withDoubles(text, { http: http.url, smtp: smtp.address, groupWait }),
    // A person's editor, or Ctrl-D after Enter, leaves the end of a line.
    secrets: {
      webhook_token: 'the-token\n',
      'notify/telegram_token': '123:ABC\n',
      'notify/telegram_chat': '-100123\n',
      'notify/slack_url': `${http.url}/slack\n`,
      'notify/discord_url': `${http.url}/discord\n`,
      'notify/email_password': 'the password\n',
      'notify/webhook_url': `${http.url}/own\n`,
    },
  });
  return {
    alertmanager,
    http,
    smtp,
    message(index) {
      const [telegram, slack, discord, webhook] = ['/telegram', '/slack', '/discord', '/own'].map(
        (path) => http.receivedAt(path)[index]?.body,
      );
      const mail = smtp.received[index];
      if ([telegram, slack, discord, webhook, mail].includes(undefined) || mail === undefined)
        return undefined;
      return { telegram, slack, discord, webhook, email: readMail(mail.text) } as Messages;
    },
    async stop() {
      await alertmanager.stop();
      await http.stop();
      await smtp.stop();
    },
  };
}

interface Doubles {
  readonly http: string;
  readonly smtp: string;
  readonly groupWait: string;
}

function withDoubles(text: string, { http, smtp, groupWait }: Doubles): string {
  const configuration = load(text.replace('http://remediator:9841', http)) as Configuration;
  const { route, receivers } = configuration;
  [route.group_wait, route.group_interval] = [groupWait, '1s'];
  const people = route.routes.find(({ routes }) => routes !== undefined);
  if (people === undefined) throw new Error('there is no route of people');
  people.receiver = 'all';
  people.routes?.forEach((one) => delete one['mute_time_intervals']);
  const ways = receivers.filter(({ name }) => newest.ways.includes(name));
  const all = Object.assign({}, ...ways, { name: 'all' }) as Configuration['receivers'][number];
  Object.assign(all['telegram_configs']?.[0] ?? {}, { api_url: `${http}/telegram` });
  Object.assign(all['email_configs']?.[0] ?? {}, { smarthost: smtp, require_tls: false });
  receivers.push(all);
  return dump(configuration);
}
