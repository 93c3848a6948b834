import type { Attribution, LogFrame } from './log-event.ts';

const IN_CONTENT = /wp-content\/(plugins|themes|mu-plugins)\/([^/:\s()'"]{1,100})/;
/** A trace in WordPress's own words leaves the content folder out: `require_once('/plugins/acme/acme.php')`. */
const INCLUDED = /(?:require|include)(?:_once)?\('\/?(plugins|themes|mu-plugins)\/([^/:\s()'"]{1,100})/g;
const IN_CORE = /\/(?:wp-includes|wp-admin)\/|\/(?:wp-[a-z-]+|xmlrpc)\.php$/;
const MISSING_FUNCTION = /function "([A-Za-z_][A-Za-z0-9_\\]{0,63})" not found/;
const SLUG = /^[A-Za-z0-9._-]{1,64}$/;

const kinds = { plugins: 'plugin', themes: 'theme', 'mu-plugins': 'mu-plugin' } as const;

/** Where an event says that it happened. */
export interface Scene {
  readonly message: string;
  readonly file?: string;
  readonly frames: readonly LogFrame[];
}

/**
 * Puts an event down to somebody's code: the first place, from the inside to the outside, that is in a plugin or theme. WordPress
 * itself is often only where somebody else's fault comes to light.
 */
export function attribute({ message, file, frames }: Scene): Attribution {
  const places = [file, ...frames.map((frame) => frame.file), message];
  for (const place of places) {
    const [, folder, name] = IN_CONTENT.exec(place ?? '') ?? [];
    if (folder !== undefined && name !== undefined) return attributionOf(folder, name);
  }
  const [, folder, name] = [...message.matchAll(INCLUDED)].at(-1) ?? [];
  if (folder !== undefined && name !== undefined) return attributionOf(folder, name);
  const missing = MISSING_FUNCTION.exec(message)?.[1];
  if (missing !== undefined) return { kind: 'other', slug: missing };
  return { kind: IN_CORE.test(file ?? '') ? 'core' : 'other', slug: '' };
}

/** A plugin can be one file, and is then named without its ending. */
function attributionOf(folder: string, name: string): Attribution {
  const slug = name.replace(/\.php$/, '');
  return { kind: kinds[folder as keyof typeof kinds], slug: SLUG.test(slug) ? slug : '' };
}
