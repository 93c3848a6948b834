import { formatProblem, type Problem } from '../../inventory/problem.ts';
import { CommandError } from '../command.ts';
import { stewardYml, type Proposal } from './steward-yml.ts';
import { writeNew } from './write-new.ts';

/** What was written, and what had to be left out since no steward.yml may hold it, with the reason. */
export interface Written {
  readonly proposal: Proposal;
  readonly leftOut: readonly string[];
}

/**
 * Writes the proposal to a file that is not there yet. What a host said may be something that steward.yml refuses, such as a site in a folder of the
 * system: that entry is left out. Rejects with a CommandError where something stands there.
 */
export async function writeProposal(path: string, wanted: Proposal): Promise<Written> {
  let proposal = wanted;
  const leftOut: string[] = [];
  for (;;) {
    const problems = await writeNew(path, stewardYml(proposal));
    if (problems.length === 0) return { proposal, leftOut };
    const bad = problems.flatMap(entryOf);
    const left = without(proposal, bad);
    if (sizeOf(left) === sizeOf(proposal)) throw new CommandError(problems.map(formatProblem).join('\n'));
    leftOut.push(...bad.map(({ section, id, why }) => `${section} ${id}: ${why}`));
    proposal = left;
  }
}

interface BadEntry {
  readonly section: string;
  readonly id: string;
  readonly why: string;
}

function entryOf({ path, found, expected }: Problem): BadEntry[] {
  const [, section, id] = /^(sites|bots)\.([a-z0-9-]+)/.exec(path) ?? [];
  return section === undefined || id === undefined
    ? []
    : [{ section: section.slice(0, -1), id, why: `${path} is ${found}, and not ${expected}` }];
}

function without(proposal: Proposal, bad: readonly BadEntry[]): Proposal {
  const isGood =
    (section: string) =>
    ({ id }: { readonly id: string }) =>
      !bad.some((entry) => entry.section === section && entry.id === id);
  return {
    ...proposal,
    sites: proposal.sites.filter(isGood('site')),
    bots: proposal.bots.filter(isGood('bot')),
  };
}

function sizeOf({ sites, bots }: Proposal): number {
  return sites.length + bots.length;
}
