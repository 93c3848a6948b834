import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { publicKeyOf } from '../../hosts/ssh/keys.ts';
import { CommandError } from '../command.ts';
import { agentSocket } from '../config.ts';

/** What the operator logs in with: a key, an agent, or both. */
export interface OperatorLogin {
  readonly privateKey?: string;
  readonly agent?: string;
}

/** Where ssh itself looks, newest kind first. */
const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

/**
 * Finds it: the key that is named, or else ssh's own default keys and its agent. Rejects with a CommandError where there is neither.
 */
export async function findLogin(keyFile: string | undefined): Promise<OperatorLogin> {
  const agent = agentSocket();
  const ofAgent = agent === undefined ? {} : { agent };
  if (keyFile !== undefined) {
    const text = await readFile(keyFile, 'utf8').catch((cause: unknown) => {
      throw new CommandError(`the key ${keyFile} cannot be read: name your private key with --key`, {
        cause,
      });
    });
    if (isUsable(text)) return { privateKey: text };
    if (agent !== undefined) return ofAgent;
    throw new CommandError(
      `${keyFile} is no private key, or has a passphrase: for one with a passphrase, run \`eval $(ssh-agent)\` and \`ssh-add ${keyFile}\` first`,
    );
  }
  const texts = await Promise.all(
    DEFAULT_KEYS.map((name) => readFile(join(homedir(), '.ssh', name), 'utf8').catch(() => '')),
  );
  const privateKey = texts.find(isUsable);
  if (privateKey === undefined && agent === undefined) {
    throw new CommandError(
      `no key to log in with: there is no ssh-agent, and ~/.ssh has none of ${DEFAULT_KEYS.join(', ')} without a passphrase; name one with --key, or run ssh-add`,
    );
  }
  return { ...(privateKey === undefined ? {} : { privateKey }), ...ofAgent };
}

function isUsable(text: string): boolean {
  try {
    publicKeyOf(text);
    return text.includes('PRIVATE KEY');
  } catch {
    return false;
  }
}
