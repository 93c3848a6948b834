import { startRunningBot } from '../../../lab/bot/running-bot.ts';

// A bot without open trades, as a program of its own: its loop stands still from SIGUSR1 on.
const bot = await startRunningBot(Number(process.argv[2]));
bot.answers.set('status', []);
process.on('SIGUSR1', () => bot.stall());
