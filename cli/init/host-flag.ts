import { CommandError } from '../command.ts';
import { accountName, id as idSchema } from '../../inventory/schema/values.ts';

/** A host that the operator wants to be watched, and how they log in there themselves. */
export interface WantedHost {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
}

const SHAPE = 'as web1=root@203.0.113.10, with :2222 behind it for another port than 22';
const ADDRESS = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const ADDRESS_V6 = /^\[([0-9a-fA-F:]*:[0-9a-fA-F:.]*)\]$/;

/** Reads what stands after `--host`. Throws a CommandError that says how it is written. */
export function readHostFlag(text: string): WantedHost {
  const [, id = '', place = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (!isId(id) || place === '') throw new CommandError(`--host ${JSON.stringify(text)}: write it ${SHAPE}`);
  return { id, ...readPlace(place) };
}

/** Reads `[user@]address[:port]`. Throws a CommandError that says how it is written. */
export function readPlace(text: string): Omit<WantedHost, 'id'> {
  const wrong = () =>
    new CommandError(
      `${JSON.stringify(text)} is no address of a server: write it as root@203.0.113.10, or with a port as root@[2001:db8::1]:2222`,
    );
  const [, user = 'root', rest = ''] = /^(?:([^@]*)@)?(.*)$/s.exec(text) ?? [];
  const [, host = '', portText = '22'] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(rest) ?? [];
  const address = ADDRESS_V6.exec(host)?.[1] ?? (ADDRESS.test(host) ? host : undefined);
  const port = Number(portText);
  if (address === undefined || port < 1 || port > 65_535 || !accountName.safeParse(user).success)
    throw wrong();
  return { user, address, port };
}

/** Whether a text can be the id of a host. */
export function isId(text: string): boolean {
  return idSchema.safeParse(text).success;
}
