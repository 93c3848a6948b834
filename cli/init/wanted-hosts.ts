import { CommandError, type Terminal } from '../command.ts';
import { isId, readHostFlag, readPlace, type WantedHost } from './host-flag.ts';

const FLAG = '--host web1=root@203.0.113.10';

/** The hosts of the flags, or else those that a person names. Throws a CommandError where neither is there. */
export async function wantedHosts(
  flags: { readonly hosts: readonly string[]; readonly sites: readonly string[] },
  terminal: Terminal,
): Promise<readonly WantedHost[]> {
  const named = flags.hosts.map(readHostFlag);
  const twice = named.find(({ id }, index) => named.findIndex((other) => other.id === id) !== index);
  if (twice !== undefined)
    throw new CommandError(`--host names ${twice.id} twice: give each server a name of its own`);
  return named.length > 0 || flags.sites.length > 0 ? named : askForHosts(terminal);
}

async function askForHosts({ ask, say }: Terminal): Promise<readonly WantedHost[]> {
  say(
    'Which server are your sites and bots on? Steward looks at it over SSH with a login of yours, and changes nothing.',
  );
  const hosts: WantedHost[] = [];
  for (;;) {
    const place = await askUntil('Its address, as root@203.0.113.10: ', readPlace);
    const id = await askUntil(`A name for it [${freeName(hosts)}]: `, (text) => nameOf(text, hosts));
    hosts.push({ id, ...place });
    const more = await answered('Another server? [y/N] ');
    if (!/^y(es)?$/i.test(more.trim())) return hosts;
  }

  async function askUntil<Value>(question: string, read: (text: string) => Value): Promise<Value> {
    for (;;) {
      const text = await answered(question);
      try {
        return read(text.trim());
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        say(error.message);
      }
    }
  }

  async function answered(question: string): Promise<string> {
    const answer = await ask(question);
    if (answer === undefined)
      throw new CommandError(
        `nothing was written, since nobody is here to answer: run this in a terminal, or give ${FLAG}`,
      );
    return answer;
  }
}

function freeName(hosts: readonly WantedHost[]): string {
  return `web${hosts.length + 1}`;
}

function nameOf(text: string, hosts: readonly WantedHost[]): string {
  const name = text === '' ? freeName(hosts) : text;
  if (!isId(name))
    throw new CommandError('a name has a-z, 0-9 and "-" alone, and starts with a letter or digit');
  if (hosts.some(({ id }) => id === name)) throw new CommandError(`${name} is another server's name`);
  return name;
}
