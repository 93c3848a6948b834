import { existsSync } from 'node:fs';
import { startFreqtradeDouble } from '../../../lab/bot/freqtrade-double.ts';

// A bot as a program of its own: it listens on a port, and has two open trades as long as a file is there.
const [, , port, openFile = ''] = process.argv;
const bot = await startFreqtradeDouble(Number(port));
const trades = bot.answers.get('status');
const LOOK_MS = 20;
setInterval(() => bot.answers.set('status', existsSync(openFile) ? trades : []), LOOK_MS);
