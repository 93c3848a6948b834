import { z } from 'zod';
import { callVerb } from '../../hosts/call-verb.ts';
import { CollectorError, printedBy } from '../collector-error.ts';
import type { SiteTarget } from '../targets/target.ts';

/** The line before the answer; what stands above it was printed by the site. */
const MARKER = '\n=== steward-wordpress-probe\n';
/** The host ends PHP after 15 seconds; this is for the way there and back. */
const TIMEOUT_SECONDS = 20;
/** An answer with 200 plugins and 200 themes has some 60 KB; the rest is for what a site prints by itself. */
const LIMIT_BYTES = 1024 * 1024;

const answerSchema = z.object({
  version: z.literal(1),
  parts: z.record(z.string(), z.unknown()),
  errors: z.array(z.object({ part: z.string(), message: z.string() })).max(100),
});

/** What a site told of itself: the parts that could be had, each still to be checked, and what went wrong with the others. */
export type WordPressAnswer = Readonly<z.output<typeof answerSchema>>;

/**
 * Asks a site about itself by the verb `site-wordpress`. Rejects with a CollectorError where the host could not be asked, or what
 * came is no answer; a site that is broken does answer, with the parts that can still be had.
 */
export async function askWordPress(target: SiteTarget, signal: AbortSignal): Promise<WordPressAnswer> {
  const outcome = await callVerb(target.host, {
    verb: 'site-wordpress',
    slots: [target.id],
    timeoutSeconds: TIMEOUT_SECONDS,
    outputLimitBytes: LIMIT_BYTES,
    signal,
  });
  return parseWordPressAnswer(printedBy(outcome));
}

/** Takes the answer out of what the verb printed. Throws a CollectorError where there is none. */
function parseWordPressAnswer(printed: Buffer): WordPressAnswer {
  const text = printed.toString('utf8');
  const start = text.lastIndexOf(MARKER);
  if (start === -1) throw new CollectorError('bad_answer', 'PHP ended without an answer');
  const [line = ''] = text.slice(start + MARKER.length).split('\n', 1);
  const parsed = answerSchema.safeParse(parseJson(line));
  if (!parsed.success) throw new CollectorError('bad_answer', 'the answer of PHP is not what it should be');
  return parsed.data;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new CollectorError('bad_answer', 'the answer of PHP is not JSON', { cause });
  }
}
