import { homedir } from 'node:os';
import path from 'node:path';

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
const unpacked = path.join(cache, 'steward/sid/prometheus-alertmanager/usr/bin');
const shipped = path.join(import.meta.dirname, '../../alertmanager');

/** A generation of Alertmanager, and the configuration that is shipped for it. */
export interface AlertmanagerGeneration {
  readonly generation: string;
  readonly server: string;
  readonly amtool: string;
  readonly configuration: string;
  /** The receivers that people can be told by. */
  readonly ways: readonly string[];
}

/** The generation in the image. */
export const newest: AlertmanagerGeneration = {
  generation: '0.33',
  server: path.join(unpacked, 'prometheus-alertmanager'),
  amtool: path.join(unpacked, 'amtool'),
  configuration: path.join(shipped, 'alertmanager.yml'),
  ways: ['telegram', 'slack', 'discord', 'email', 'webhook'],
};

/** The generations that configurations are shipped for: Debian 12's, and the one in the image. `npm test` installs both. */
export const alertmanagers: readonly AlertmanagerGeneration[] = [
  {
    generation: '0.25',
    server: '/usr/bin/prometheus-alertmanager',
    amtool: '/usr/bin/amtool',
    configuration: path.join(shipped, 'alertmanager-0.25.yml'),
    ways: ['slack', 'email'],
  },
  newest,
];

/** The folder with the templates of messages. */
export const templatesFolder = path.join(shipped, 'templates');
