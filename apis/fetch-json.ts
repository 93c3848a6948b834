import { ApiError } from './api-error.ts';

/** More than any documented answer takes, and less than the process can bear. */
const MAX_BYTES = 16 * 1024 * 1024;

/** What an API answered: its status, and its body where that is JSON. */
export interface JsonAnswer {
  readonly status: number;
  /** Undefined where the body is no JSON. */
  readonly body: unknown;
}

/** Asks an API. Rejects with an ApiError where it cannot be reached, is late, or sends more than any answer can be. */
export async function fetchJson(
  url: URL,
  options: RequestInit & { signal: AbortSignal },
): Promise<JsonAnswer> {
  try {
    const response = await fetch(url, { ...options, redirect: 'manual' });
    const text = await readCapped(response);
    return { status: response.status, body: parsed(text) };
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    if (options.signal.aborted)
      throw new ApiError('timeout', `${url.pathname} has not answered in time`, { cause });
    throw new ApiError('unreachable', `${url.origin} cannot be reached: ${reasonOf(cause)}`, { cause });
  }
}

async function readCapped(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new ApiError('bad_answer', 'the answer is longer than 16 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What fetch says is in the cause of its error. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : String(cause);
}
