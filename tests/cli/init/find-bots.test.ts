import { describe, expect, test } from '@jest/globals';
import { findBots } from '../../../cli/init/find-bots.ts';
import { createUniqueIds } from '../../../cli/init/unique-ids.ts';
import type { DiscoveryRecords } from '../../../hosts/discover/records.ts';

const ID = 'a'.repeat(64);
const bot = { cgroup: '', enabled: 'true', address: '0.0.0.0', port: '8080', username: 'me', logFile: '' };
const container = {
  id: ID,
  name: 'btc',
  image: 'freqtradeorg/freqtrade:stable',
  ports: '0.0.0.0:8081->8080/tcp, [::]:8081->8080/tcp',
};
const inContainer = { ...bot, cgroup: `0::/system.slice/docker-${ID}.scope` };
const inUnit = { ...bot, cgroup: '0::/system.slice/freqtrade-btc.service' };
const records = (bots: (typeof bot)[], containers = [container]): DiscoveryRecords => ({
  ...{ system: [], service: [], configuration: [], log: [], site: [], unfinished: [], isWhole: true },
  bot: bots,
  container: containers,
});
const host = {
  id: 'bots',
  address: '203.0.113.10',
  services: [
    { name: 'btc', manager: 'docker' as const },
    { name: 'freqtrade-btc', manager: 'systemd' as const },
  ],
};
const find = (...args: Parameters<typeof records>) =>
  findBots(records(...args), host, createUniqueIds(['bots']));

describe('findBots', () => {
  test('a container is asked where its port is published, and is its own service', () => {
    expect(find([inContainer]).bots).toEqual([
      {
        id: 'btc',
        host: 'bots',
        url: 'http://203.0.113.10:8081/',
        username: 'me',
        service: 'btc',
        log: undefined,
      },
    ]);
  });

  test('a unit is asked where it listens, and two bots have two ids', () => {
    const second = { ...inUnit, address: 'fd00::2', username: '', logFile: '/var/log/bot.log' };
    expect(find([inUnit, second]).bots).toMatchObject([
      { id: 'freqtrade-btc', url: 'http://203.0.113.10:8080/', service: 'freqtrade-btc' },
      {
        id: 'freqtrade-btc-2',
        url: 'http://[fd00::2]:8080/',
        username: 'freqtrader',
        log: '/var/log/bot.log',
      },
    ]);
  });

  test.each([
    ['its API is off', { ...inUnit, enabled: 'false' }, 'its API is not on'],
    ['its configuration cannot be read', { ...inUnit, enabled: '' }, 'its API is not on'],
    ['it listens on loopback', { ...inUnit, address: '127.0.0.1' }, 'where the exporter cannot reach it'],
    ['its port is not published', { ...inContainer, port: '9999' }, 'publish port 9999'],
  ])('says why a bot cannot be asked where %s', (_what, record, reason) => {
    expect(find([record])).toEqual({ bots: [], leftOut: [expect.stringContaining(reason)] });
  });
});
