import type { Moment } from './kill-point.ts';
import type { Scenario } from './scenarios.ts';
import type { Kill } from './trial.ts';

/** A scenario, and where its processes are killed, one after the other. */
interface PlannedTrial {
  readonly scenario: Scenario;
  readonly kills: readonly Kill[];
  /** Whether the alerts are delivered to each process, as Alertmanager repeats them, or no more once they were accepted. */
  readonly isRepeated: boolean;
}

/**
 * Plans trials with so many kills. First each scenario is killed once before and after each of its writes, commands and messages, and while each command
 * runs; what is asked for beyond that is killed a second time while it recovers. Fewer are spread evenly over all. In every other one the next process knows of
 * the alert by the journal alone.
 */
export function planKills(scenarios: readonly Scenario[], count: number): readonly PlannedTrial[] {
  const single = scenarios.flatMap((scenario) =>
    killsOf(scenario).map((kill) => ({ scenario, kills: [kill] })),
  );
  if (count <= single.length) return repeatingHalf(spread(single, count));
  const double = scenarios.flatMap((scenario) =>
    killsOf(scenario).flatMap((first) =>
      RECOVERY_KILLS.map((second) => ({ scenario, kills: [first, second] })),
    ),
  );
  return repeatingHalf([...single, ...spread(double, Math.ceil((count - single.length) / 2))]);
}

function repeatingHalf(trials: readonly Omit<PlannedTrial, 'isRepeated'>[]): PlannedTrial[] {
  return trials.map((trial, index) => ({ ...trial, isRepeated: index % 2 === 1 }));
}

/** A process that recovers writes at least twice: what it settles, and how that ends. Then it tells of it. */
const RECOVERY_KILLS: readonly Kill[] = [
  ...killsAt('write', 1),
  ...killsAt('write', 2),
  ...killsAt('tell', 1),
];

function killsOf({ writes, performs, tells }: Scenario): Kill[] {
  return [
    ...numbersTo(writes).flatMap((number) => killsAt('write', number)),
    ...performs.flatMap((step, index) => [
      ...killsAt('perform', index + 1),
      ...(step === 'command' ? killsAt('perform', index + 1, ['while']) : []),
    ]),
    ...numbersTo(tells).flatMap((number) => killsAt('tell', number)),
  ];
}

function killsAt(at: Kill['at'], number: number, moments: readonly Moment[] = ['before', 'after']): Kill[] {
  return moments.map((moment) => ({ at, number, moment }));
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_item, index) => index + 1);
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
