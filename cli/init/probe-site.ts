const TIMEOUT_MS = 10_000;
const LONGEST_BYTES = 512 * 1024;
const GENERATOR = /<meta[^>]{0,200}\bgenerator\b[^>]{0,200}\bWordPress\b/i;

/** What an address shows: a WordPress, something else, or nothing, with the reason. */
export type SiteKind =
  { readonly kind: 'wordpress' | 'other' } | { readonly kind: 'none'; readonly reason: string };

/** Asks an address, from here, whether WordPress answers there: by the link to its REST API, the API itself, or the generator. Never rejects. */
export async function probeSite(url: string): Promise<SiteKind> {
  try {
    const page = await get(url);
    const isSeen =
      page.headers.get('link')?.includes('https://api.w.org/') === true || GENERATOR.test(await textOf(page));
    return { kind: isSeen || (await hasApi(url)) ? 'wordpress' : 'other' };
  } catch (error) {
    return { kind: 'none', reason: reasonOf(error) };
  }
}

function get(url: string): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { 'user-agent': 'steward' } });
}

/** As much of the body as is worth reading. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= LONGEST_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, LONGEST_BYTES);
}

async function hasApi(url: string): Promise<boolean> {
  const answer = await get(new URL('wp-json/', url).href);
  const text = await textOf(answer);
  return answer.ok && /"namespaces"\s*:\s*\[[^\]]{0,5000}"wp\\?\/v2"/.test(text);
}

/** What fetch says itself is "fetch failed"; why stands in its cause. */
function reasonOf(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  return Error.isError(error.cause) && error.cause.message !== '' ? error.cause.message : error.message;
}
