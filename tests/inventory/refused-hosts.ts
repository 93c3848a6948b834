/** The same of hosts, and of what would hit a part of Steward on one. */
export const refusedHosts: readonly (readonly [reason: string, problems: readonly string[]])[] = [
  [
    'host-without-address',
    [
      'steward.yml:2:3: hosts.web1.address: found nothing, expected address, or `local: true`',
      'steward.yml:2:3: hosts.web1.read_key_file: found nothing, expected read_key_file, or `local: true`',
      'steward.yml:2:3: hosts.web1.act_key_file: found nothing, expected act_key_file, or `local: true`',
    ],
  ],
  [
    'host-local-and-address',
    ['steward.yml:2:33: hosts.web1.address: found "203.0.113.1", expected no address beside `local: true`'],
  ],
  [
    'host-local-and-mounted',
    ['steward.yml:2:36: hosts.web1.mounted_at: found "/host", expected no mounted_at beside `local: true`'],
  ],
  [
    'host-mounted-at-root',
    ['steward.yml:2:23: hosts.web1.mounted_at: found "/", expected a folder such as /host'],
  ],
  [
    'two-hosts-mounted',
    [
      'steward.yml:3:23: hosts.web2.mounted_at: found "/host", expected one host with `local: true` or `mounted_at`; web1 has it',
    ],
  ],
  ['host-local-not-true', ['steward.yml:2:18: hosts.web1.local: found 1, expected true']],
  [
    'host-key',
    ['steward.yml:2:68: hosts.web1.host_key: found "MD5:aa", expected SHA256: and 43 characters of base64'],
  ],
  ['host-port', ['steward.yml:2:29: hosts.web1.port: found 70000, expected 65535 or less']],
  [
    'host-address',
    ['steward.yml:2:20: hosts.web1.address: found "a b", expected a host name or an IP address'],
  ],
  [
    'host-address-dash',
    ['steward.yml:2:20: hosts.web1.address: found "-oX", expected a host name or an IP address'],
  ],
  [
    'host-one-key',
    ['steward.yml:2:55: hosts.web1.act_key_file: found "k", expected another key than the one that reads'],
  ],
  [
    'two-local-hosts',
    [
      'steward.yml:3:18: hosts.web2.local: found true, expected one host with `local: true` or `mounted_at`; web1 has it',
    ],
  ],
  [
    'own-part-without-hosts',
    [
      'steward.yml:2:72: actions.kick.run[2]: found "steward-exporter", expected a word that names no part of Steward: that is left to you, or to its own manager',
    ],
  ],
  [
    'own-engine',
    [
      'steward.yml:4:72: actions.kick.run[2]: found "docker.service", expected a word that names no part of Steward: that is left to you, or to its own manager',
    ],
  ],
  [
    'own-part',
    [
      'steward.yml:5:49: sites.inside.path: found "/opt/steward/public", expected a place apart from /opt/steward, which is Steward\'s own',
      'steward.yml:6:48: sites.above.path: found "/srv/steward", expected a place apart from /srv/steward/exporter, which is Steward\'s own',
      'steward.yml:8:87: sites.logs.logs[0].file: found "/var/log/healer-dispatch.log", expected a place apart from /var/log/healer-dispatch.log, which is Steward\'s own',
      'steward.yml:10:93: bots.one.log: found "/srv/steward/remediator/bot.log", expected a place apart from /srv/steward/remediator, which is Steward\'s own',
      'steward.yml:12:69: actions.stop.run[2]: found "steward-exporter.service", expected a word that names no part of Steward: that is left to you, or to its own manager',
      'steward.yml:13:78: actions.compose.run[3]: found "steward-prometheus-1", expected a word that names no part of Steward: that is left to you, or to its own manager',
      'steward.yml:14:84: actions.clean.undo[2]: found "--dir=/var/lib/healer/snapshots", expected a word that names no part of Steward: that is left to you, or to its own manager',
    ],
  ],
];
