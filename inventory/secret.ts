import { constants, open } from 'node:fs/promises';
import { inspect } from 'node:util';

const HIDDEN = '<secret>';
const OTHERS_WRITE = 0o022;
const MAX_BYTES = 64 * 1024;

/** A text that prints as `<secret>` wherever it goes; only `reveal` gives it away. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one place that needs it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** A secret that cannot be had. */
class SecretError extends Error {
  override readonly name = 'SecretError';
}

/**
 * Reads a secret from a file, without the line break at its end, or from an environment variable where it is named as
 * `env:NAME`. Rejects with a SecretError that names the file or variable and says what to do.
 */
export async function readSecret(place: string): Promise<Secret> {
  const variable = /^env:(.+)$/.exec(place)?.[1];
  const text = variable === undefined ? await readSecretFile(place) : process.env[variable];
  if (text === undefined) throw new SecretError(`the environment variable ${variable ?? ''} is not set`);
  if (text === '') throw new SecretError(`${place} is empty; put the secret there`);
  return new Secret(text);
}

async function readSecretFile(path: string): Promise<string> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = await file.stat();
    // Docker makes a folder where a file to mount is missing.
    if (!status.isFile())
      throw new SecretError(`${path} is not a file; \`steward secrets\` makes what is missing`);
    if ((status.mode & OTHERS_WRITE) !== 0) {
      throw new SecretError(`${path} can be changed by other accounts; run chmod go-w on it`);
    }
    if (status.size > MAX_BYTES) throw new SecretError(`${path} is longer than 64 KiB; it is no secret`);
    return (await file.readFile('utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    if (cause instanceof SecretError) throw cause;
    throw new SecretError(
      `${path} cannot be read (${codeOf(cause)}); \`steward secrets\` makes what is missing`,
      { cause },
    );
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
