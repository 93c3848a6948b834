import { homedir } from 'node:os';
import path from 'node:path';

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
const unpacked = path.join(cache, 'steward/sid/prometheus-alertmanager/usr/bin');

/** The generations that the configuration must suit: Debian 12's, and the one in the image. `npm test` installs both. */
export const alertmanagers = [
  { generation: '0.25', server: '/usr/bin/prometheus-alertmanager', amtool: '/usr/bin/amtool' },
  {
    generation: '0.33',
    server: path.join(unpacked, 'prometheus-alertmanager'),
    amtool: path.join(unpacked, 'amtool'),
  },
] as const;

/** The configuration that is shipped. */
export const shippedConfiguration = path.join(import.meta.dirname, '../../alertmanager/alertmanager.yml');
