import { discoverScript } from '../../hosts/discover/discover.ts';
import { CommandError, type Command, type CommandInput, type Terminal } from '../command.ts';
import { readHostKeys } from '../init/accept-host-key.ts';
import { findingsOf } from '../init/findings.ts';
import { lookAtHost } from '../init/look-at-host.ts';
import { findLogin } from '../init/operator-login.ts';
import { printable } from '../init/printable.ts';
import { foundText, nextSteps } from '../init/report.ts';
import { describeElsewhere, readSiteFlag, settleAddresses } from '../init/site-addresses.ts';
import type { Proposal } from '../init/steward-yml.ts';
import { createUniqueIds } from '../init/unique-ids.ts';
import { wantedHosts } from '../init/wanted-hosts.ts';
import { occupied } from '../init/write-new.ts';
import { writeProposal } from '../init/write-proposal.ts';
import { exists } from '../secret-files.ts';
import { secrets } from './secrets.ts';

/** Looks at the operator's servers, and writes a first steward.yml with its secrets. */
export const init: Command = {
  name: 'init',
  parameters: [],
  options: ['host', 'host-key', 'key', 'site', 'yes', 'json', 'show-script'],
  summary:
    'look at your servers over SSH, show what is there, and write steward.yml and secrets/; overwrites nothing',
  async run(input, terminal) {
    const { configFile, isJson, isScriptShown } = input;
    const { print, say } = terminal;
    if (isScriptShown) {
      print(await discoverScript());
      return 0;
    }
    if (await exists(configFile)) throw new CommandError(occupied(configFile));
    const found = await lookAround(input, terminal);
    if (!isJson) print(foundText(found.proposal));
    for (const line of found.notes) say(printable(line));
    if (!input.isYes) await confirm(configFile, terminal);
    const { proposal, leftOut } = await writeProposal(configFile, found.proposal);
    for (const line of leftOut) say(`left out: ${printable(line)}`);
    await secrets.run(input, { ...terminal, print: () => undefined, say: terminal.hint });
    const next = nextSteps(proposal);
    if (isJson)
      print(
        `${JSON.stringify({ file: configFile, ...proposal, notes: [...found.notes, ...leftOut], next })}\n`,
      );
    else
      print(
        `\nwritten: ${configFile}, and what it needs in secrets/. Next:\n${next.map((line) => `  ${line}\n`).join('')}`,
      );
    return 0;
  },
};

/** What is to be written, and what to tell beside it. */
interface Found {
  readonly proposal: Proposal;
  /** Not yet safe to print. */
  readonly notes: readonly string[];
}

async function lookAround(
  { hosts, hostKeys, sites, key, isYes }: CommandInput,
  terminal: Terminal,
): Promise<Found> {
  const siteFlags = sites.map(readSiteFlag);
  const wanted = await wantedHosts({ hosts, sites }, terminal);
  const expectedKeys = readHostKeys(hostKeys, wanted);
  const uniqueId = createUniqueIds(wanted.map(({ id }) => id));
  const all = [];
  for (const host of wanted) {
    const options = { expectedKey: expectedKeys.get(host.id), login: () => findLogin(key), goesOn: isYes };
    all.push(findingsOf(await lookAtHost(host, options, terminal), uniqueId));
  }
  const settled = await settleAddresses(
    {
      sites: all.flatMap((each) => each.sites),
      withoutAddress: all.flatMap(({ withoutAddress }) => withoutAddress),
    },
    siteFlags,
    terminal,
  );
  return {
    proposal: {
      hosts: all.map(({ host }) => host),
      sites: settled.sites,
      bots: all.flatMap(({ bots }) => bots),
      elsewhere: settled.elsewhere,
    },
    notes: [
      ...all.flatMap(({ leftOut }) => leftOut),
      ...settled.leftOut,
      ...(await Promise.all(settled.elsewhere.map(describeElsewhere))),
    ],
  };
}

async function confirm(configFile: string, { ask }: Terminal): Promise<void> {
  const answer = await ask(`Write ${configFile} and its secrets? [Y/n] `);
  if (answer === undefined)
    throw new CommandError(
      'nothing was written, since nobody is here to confirm it: run this in a terminal, or with --yes',
    );
  if (!/^(?:y(?:es)?)?$/i.test(answer.trim())) throw new CommandError('nothing was written');
}
