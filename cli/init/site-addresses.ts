import { CommandError, type Terminal } from '../command.ts';
import { siteAddress, type SiteWithoutAddress } from './find-sites.ts';
import { printable } from './printable.ts';
import { probeSite } from './probe-site.ts';
import type { ProposedSite } from './proposal.ts';

/** What a `--site` says: an address, and where its files are if it says so. */
export interface SiteFlag {
  readonly url: string;
  readonly path: string | undefined;
}

/** Reads what stands after `--site`. Throws a CommandError that says how it is written. */
export function readSiteFlag(text: string): SiteFlag {
  const [, address = '', path] = /^(.*?)(?:=(\/.*))?$/s.exec(text) ?? [];
  const url = siteAddress(address);
  if (url === undefined)
    throw new CommandError(
      `--site ${JSON.stringify(text)}: write it as https://blog.example.com, or with its folder on the server as https://blog.example.com=/var/www/blog`,
    );
  return { url, path };
}

/** Which address belongs to what. */
interface SettledSites {
  readonly sites: readonly ProposedSite[];
  /** Addresses that no site found on a host has. */
  readonly elsewhere: readonly string[];
  readonly leftOut: readonly string[];
}

/** Gives sites whose address is not known the one of a flag, or one that a person names. */
export async function settleAddresses(
  found: { readonly sites: readonly ProposedSite[]; readonly withoutAddress: readonly SiteWithoutAddress[] },
  flags: readonly SiteFlag[],
  { ask, say }: Terminal,
): Promise<SettledSites> {
  const sites = [...found.sites];
  const leftOut: string[] = [];
  const unused = flags.filter(({ url }) => !found.sites.some((site) => site.url === url));
  for (const site of found.withoutAddress) {
    const isOnlyPair =
      found.withoutAddress.length === 1 && unused.length === 1 && unused[0]?.path === undefined;
    const flag = isOnlyPair ? unused[0] : unused.find(({ path }) => path === site.path);
    const url = flag?.url ?? (await askForAddress(site.path));
    if (flag !== undefined) unused.splice(unused.indexOf(flag), 1);
    if (url !== undefined) sites.push(site.at(url));
    else
      leftOut.push(
        `${site.path}: its address is not known; write it below sites in steward.yml, as steward.example.yml shows`,
      );
  }
  return { sites, leftOut, elsewhere: unused.map(({ url }) => url) };

  async function askForAddress(path: string): Promise<string | undefined> {
    for (;;) {
      const answer = await ask(`The address of the site in ${printable(path)} (empty to leave it out): `);
      if (answer === undefined || answer.trim() === '') return undefined;
      const url = siteAddress(answer.trim());
      if (url !== undefined) return url;
      say('write it as https://blog.example.com');
    }
  }
}

/** Says in one line what an address that stands on none of the hosts shows. */
export async function describeElsewhere(url: string): Promise<string> {
  const site = await probeSite(url);
  if (site.kind === 'none') return `${url} does not answer from here: ${printable(site.reason)}`;
  return site.kind === 'wordpress'
    ? `${url} is a WordPress`
    : `${url} answers, and shows no sign of WordPress`;
}
