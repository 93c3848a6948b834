import type { Scenario } from './scenarios.ts';
import type { Kill } from './trial.ts';

/** A scenario, and where its processes are killed, one after the other. */
interface PlannedTrial {
  readonly scenario: Scenario;
  readonly kills: readonly Kill[];
}

const MOMENTS = ['before', 'after'] as const;

/**
 * Plans trials with so many kills. First each scenario is killed once before and after each of its writes; what is asked for beyond that is killed a second time
 * while it recovers. Fewer are spread evenly over all.
 */
export function planKills(scenarios: readonly Scenario[], count: number): readonly PlannedTrial[] {
  const single = scenarios.flatMap((scenario) =>
    killsOf(scenario).map((kill): PlannedTrial => ({ scenario, kills: [kill] })),
  );
  if (count <= single.length) return spread(single, count);
  const double = scenarios.flatMap((scenario) =>
    killsOf(scenario).flatMap((first) =>
      RECOVERY_KILLS.map((second): PlannedTrial => ({ scenario, kills: [first, second] })),
    ),
  );
  return [...single, ...spread(double, Math.ceil((count - single.length) / 2))];
}

/** A process that recovers writes at least twice: what it settles, and how that ends. */
const RECOVERY_KILLS: readonly Kill[] = [1, 2].flatMap((write) =>
  MOMENTS.map((moment) => ({ write, moment })),
);

function killsOf({ writes }: Scenario): Kill[] {
  return Array.from({ length: writes }, (_item, index) => index + 1).flatMap((write) =>
    MOMENTS.map((moment) => ({ write, moment })),
  );
}

/** Every other one is moved by one, so that both moments are among those that are left. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  const most = Math.min(count, items.length);
  const at = (index: number) =>
    Math.floor((index * items.length) / most) + (most < items.length ? index % 2 : 0);
  return Array.from({ length: most }, (_item, index) => items[at(index)]).filter(
    (item) => item !== undefined,
  );
}
