import { createFreqtradeClient } from '../../apis/freqtrade-client.ts';
import type { InventoryHolder } from '../../inventory/inventory-holder.ts';
import { readSecret } from '../../inventory/secret.ts';
import { createFreqtradeBot, type ActingBot } from './freqtrade-bot.ts';

/** The bot by its id, as steward.yml now describes it. Throws where it has none of that id, or one of a kind whose commands are not known. */
export type ActingBotOf = (id: string) => ActingBot;

/** Makes them; a bot whose entry a reload changed is made anew, and one that stays keeps its login. */
export function createActingBots(holder: InventoryHolder): ActingBotOf {
  const bots = new Map<string, { readonly key: string; readonly bot: ActingBot }>();
  return (id) => {
    const { inventory, resolveFile } = holder.current();
    const entry = Object.hasOwn(inventory.bots, id) ? inventory.bots[id] : undefined;
    const { kind, url, username, password_file: file } = entry ?? {};
    if (kind !== 'freqtrade' || url === undefined || username === undefined || file === undefined)
      throw new Error(`steward.yml has no freqtrade bot ${id}`);
    const key = JSON.stringify([url, username, file]);
    const known = bots.get(id);
    if (known?.key === key) return known.bot;
    const readPassword = () => readSecret(resolveFile(file));
    const bot = createFreqtradeBot(createFreqtradeClient({ url, username, readPassword }));
    bots.set(id, { key, bot });
    return bot;
  };
}
