import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A mail that was handed in. */
export interface ReceivedMail {
  /** What `AUTH PLAIN` said: the user and the password. */
  readonly login: string;
  readonly to: readonly string[];
  /** Headers and body as they came, with the dots that SMTP adds taken away. */
  readonly text: string;
}

/** Stands for the operator's mail server. It offers no TLS. */
export interface SmtpDouble {
  /** Such as 127.0.0.1:1234. */
  readonly address: string;
  readonly received: ReceivedMail[];
  stop(): Promise<void>;
}

/** Starts it. It takes every login and every mail. */
export async function startSmtpDouble(): Promise<SmtpDouble> {
  const received: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that goes away is not a failure of the double.
    socket.on('error', () => socket.destroy());
    converse(socket, (mail) => received.push(mail));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** Speaks as much of RFC 5321 as Alertmanager asks for. */
function converse(socket: Socket, take: (mail: ReceivedMail) => void): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let login = '';
  let to: string[] = [];
  let data: string[] | undefined;
  const endOfData = () => {
    take({ login, to, text: (data ?? []).join('\n') });
    [to, data] = [[], undefined];
    say('250 taken');
  };
  const answers: Readonly<Record<string, (rest: string) => void>> = {
    EHLO: () => say('250-double\r\n250 AUTH PLAIN'),
    AUTH: (rest) => {
      login = Buffer.from(rest.replace('PLAIN ', ''), 'base64').toString().slice(1).replace('\0', ':');
      say('235 welcome');
    },
    RCPT: (rest) => {
      to.push(rest.replace(/^TO:<|>$/g, ''));
      say('250 ok');
    },
    DATA: () => {
      data = [];
      say('354 go on');
    },
    QUIT: () => {
      say('221 bye');
      socket.end();
    },
  };
  say('220 double');
  createInterface({ input: socket }).on('line', (line) => {
    if (data !== undefined) {
      if (line === '.') endOfData();
      else data.push(line.replace(/^\.\./, '.'));
      return;
    }
    const [, word = '', rest = ''] = /^(\w+) ?(.*)$/.exec(line) ?? [];
    (answers[word.toUpperCase()] ?? (() => say('250 ok')))(rest);
  });
}
