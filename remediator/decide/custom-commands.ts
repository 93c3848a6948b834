import { piecesOfWord } from '../../inventory/schema/action.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import type { Plan } from '../run/run.ts';

/** The commands of an action of steward.yml, its undo among them, each with its words as the host would have them; none where it is another action. */
export function customCommands(
  plan: Pick<Plan, 'action' | 'target' | 'parameters'>,
  { actions }: Pick<Inventory, 'actions'>,
): readonly (readonly string[])[] {
  const entry = Object.hasOwn(actions, plan.action) ? actions[plan.action] : undefined;
  if (entry === undefined) return [];
  const valueOf = (slot: string) => {
    const value = slot === 'target' ? plan.target : (plan.parameters[slot] ?? '');
    return entry.parameters[slot]?.enum?.[value] ?? value;
  };
  const filled = (word: string) =>
    piecesOfWord(word)
      .map((piece) => ('slot' in piece ? valueOf(piece.slot) : piece.text))
      .join('');
  return [entry.run, entry.undo ?? []].map((argv) => argv.map(filled));
}
