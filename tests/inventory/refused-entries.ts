/** The fixtures `bad.<reason>.yml` of the file and its entries, each with the lines that it is refused with. */
export const refusedEntries: readonly (readonly [reason: string, problems: readonly string[]])[] = [
  ['empty', ['steward.yml: found nothing, expected a mapping with hosts, sites and so on']],
  ['list', ['steward.yml: found a list, expected a mapping with hosts, sites and so on']],
  ['text', ['steward.yml: found "hosts", expected a mapping with hosts, sites and so on']],
  ['not-yaml', ['steward.yml:2:1: found deficient indentation, expected YAML that parses']],
  [
    'tab',
    ['steward.yml:2:1: found tab characters must not be used in indentation, expected YAML that parses'],
  ],
  ['duplicate-key', ['steward.yml:3:3: found duplicated mapping key, expected YAML that parses']],
  [
    'two-documents',
    [
      'steward.yml: found expected a single document in the stream, but found more, expected YAML that parses',
    ],
  ],
  [
    'unknown-tag',
    ['steward.yml:1:8: found unknown scalar tag !<tag:yaml.org,2002:js/function>, expected YAML that parses'],
  ],
  [
    'merge-key',
    [
      'steward.yml:3:3: jobs.b.every: found nothing, expected a duration such as 24h, or `cron`',
      'steward.yml:4:5: jobs.b.<<: found the unknown key "<<", expected one of every, cron, timezone, grace, max_duration, host, pipeline, stage',
    ],
  ],
  ['unknown-section', ['steward.yml:1:1: host: found the unknown key "host", expected perhaps hosts']],
  [
    'unknown-key',
    ['steward.yml:2:24: hosts.web1.adress: found the unknown key "adress", expected perhaps address'],
  ],
  [
    'unknown-key-unlike-any',
    [
      'steward.yml:2:19: jobs.a.colour: found the unknown key "colour", expected one of every, cron, timezone, grace, max_duration, host, pipeline, stage',
    ],
  ],
  ['prototype-key', ['steward.yml:2:3: hosts.__proto__: found "__proto__", expected another name']],
  ['section-without-entries', ['steward.yml:1:7: hosts: found null, expected a mapping']],
  ['section-is-list', ['steward.yml:1:8: hosts: found an empty list, expected a mapping']],
  ['entry-is-text', ['steward.yml:2:9: hosts.web1: found "web1.example.com", expected a mapping']],
  [
    'id-in-capitals',
    [
      'steward.yml:2:3: jobs.Backup: found "Backup", expected an id of a-z, 0-9 and "-", starting with a letter or digit, 63 characters at most',
    ],
  ],
  [
    'id-too-long',
    [
      'steward.yml:2:3: jobs.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: found "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", expected an id of a-z, 0-9 and "-", starting with a letter or digit, 63 characters at most',
    ],
  ],
  [
    'id-in-two-sections',
    ['steward.yml:4:3: jobs.web1: found a mapping, expected an id that is not also in hosts'],
  ],
  [
    'duration',
    ['steward.yml:2:20: jobs.backup.every: found "1 day", expected a duration such as 30s, 15m or 1h30m'],
  ],
  [
    'duration-number',
    ['steward.yml:2:20: jobs.backup.every: found 60, expected a duration such as 30s, 15m or 1h30m'],
  ],
  [
    'duration-zero',
    [
      'steward.yml:2:20: jobs.backup.every: found "0s", expected a duration longer than nothing, such as 30s, 15m or 1h30m',
    ],
  ],
  ['bot-username', ['steward.yml:4:55: bots.btc.username: found "", expected a text that is not empty']],
  [
    'service-twice',
    ['steward.yml:2:74: hosts.web1.services[1].name: found "a", expected a name that is given once'],
  ],
  [
    'service-manager',
    [
      'steward.yml:2:55: hosts.web1.services[0].manager: found "openrc", expected one of systemd, sysv, supervisor, docker',
    ],
  ],
  [
    'service-name',
    [
      'steward.yml:2:43: hosts.web1.services[0].name: found "--all", expected A-Z, a-z, 0-9, ".", "_" and "-", not starting with "." or "-", 64 at most',
    ],
  ],
  [
    'site-url',
    [
      'steward.yml:6:10: sites.blog.url: found "ftp://x/", expected an http:// or https:// address without credentials',
    ],
  ],
  [
    'site-url-credentials',
    [
      'steward.yml:6:10: sites.blog.url: found "https://<secret>@x/", expected an http:// or https:// address without credentials',
    ],
  ],
  [
    'site-path-relative',
    [
      'steward.yml:7:11: sites.blog.path: found "srv/blog", expected an absolute path without control characters',
    ],
  ],
  [
    'site-path-root',
    ['steward.yml:7:11: sites.blog.path: found "/", expected the site\'s own folder and none of the system'],
  ],
  [
    'site-path-system',
    [
      'steward.yml:7:11: sites.blog.path: found "/etc/blog", expected the site\'s own folder and none of the system',
    ],
  ],
  [
    'site-path-parent',
    [
      'steward.yml:7:11: sites.blog.path: found "/srv/../etc", expected a path without empty parts, "." and ".."',
    ],
  ],
  ['site-host', ['steward.yml:5:11: sites.blog.host: found "web2", expected a host: web1']],
  ['site-host-inherited', ['steward.yml:5:11: sites.blog.host: found "constructor", expected a host: web1']],
  [
    'site-service',
    ['steward.yml:9:16: sites.blog.services[0]: found "php", expected a service of web1: nginx'],
  ],
  [
    'site-mode-number',
    [
      'steward.yml:9:27: sites.blog.permissions.files: found 644, expected a mode of three octal digits in quotes, such as "0644"',
    ],
  ],
  [
    'site-mode',
    [
      'steward.yml:9:27: sites.blog.permissions.files: found "0688", expected a mode of three octal digits in quotes, such as "0644"',
    ],
  ],
  [
    'site-owner',
    ['steward.yml:8:12: sites.blog.owner: found "a b", expected the name of an account on the host'],
  ],
  [
    'php-fpm-nowhere',
    ['steward.yml:9:5: sites.blog.php_fpm.socket: found nothing, expected socket, address or status_url'],
  ],
  [
    'php-fpm-two-ways',
    [
      'steward.yml:9:46: sites.blog.php_fpm.address: found "127.0.0.1:9000", expected no address beside socket',
    ],
  ],
  [
    'php-fpm-address',
    [
      'steward.yml:9:25: sites.blog.php_fpm.address: found "10.0.0.1:9000", expected an address of loopback with a port, such as 127.0.0.1:9000',
    ],
  ],
  [
    'php-fpm-port',
    [
      'steward.yml:9:25: sites.blog.php_fpm.address: found "127.0.0.1:99000", expected an address of loopback with a port, such as 127.0.0.1:9000',
    ],
  ],
  [
    'php-fpm-without-path',
    [
      'steward.yml:9:5: sites.blog.php_fpm.status_path: found nothing, expected a path such as /fpm-status, which does not end in .php',
    ],
  ],
  [
    'php-fpm-path-and-url',
    [
      'steward.yml:9:70: sites.blog.php_fpm.status_path: found "/fpm-status", expected no status_path beside status_url',
    ],
  ],
  [
    'php-fpm-url',
    [
      'steward.yml:9:28: sites.blog.php_fpm.status_url: found "http://<secret>@127.0.0.1/fpm-status", expected an http:// address such as http://127.0.0.1/fpm-status, with no query but ?json',
    ],
  ],
  ['bot-host', ['steward.yml:4:82: bots.btc.host: found "web2", expected a host: web1']],
  ['bot-service', ['steward.yml:4:97: bots.btc.service: found "btc", expected a service of web1: nginx']],
  [
    'bot-nothing-to-ask',
    ['steward.yml:3:3: bots.btc.requests: found nothing, expected a list of what to ask'],
  ],
  [
    'bot-two-logins',
    ['steward.yml:3:100: bots.btc.token_file: found "t", expected no token_file beside username'],
  ],
  [
    'bot-half-a-login',
    ['steward.yml:3:3: bots.btc.header_file: found nothing, expected header and header_file together'],
  ],
  [
    'bot-value',
    [
      'steward.yml:3:76: bots.btc.requests[0].path: found "x", expected a path below the address of the bot, such as /api/status?days=1',
      'steward.yml:3:103: bots.btc.requests[0].values.equity.at: found "a..b", expected a path into the answer, such as data.positions[*].profit',
      'steward.yml:3:113: bots.btc.requests[0].values.trades.of: found nothing, expected one of sum, count, min, max, since the path has [*]',
      'steward.yml:3:137: bots.btc.requests[0].values.worth: found the unknown key "worth", expected one of running, last_loop, open_positions, trades, equity, profit_realized, profit_unrealized, drawdown, errors',
    ],
  ],
  [
    'bot-value-twice',
    [
      'steward.yml:3:67: bots.btc.requests: found a list, expected no `every` below 15s',
      'steward.yml:3:67: bots.btc.requests: found a list, expected each value once; equity is there twice',
    ],
  ],
  [
    'bot-other-kind',
    [
      'steward.yml:3:3: bots.btc.username: found nothing, expected a text',
      'steward.yml:3:69: bots.btc.token_file: found "t", expected no token_file: it is for bots of the kind http_json',
    ],
  ],
  ['bot-kind', ['steward.yml:4:16: bots.btc.kind: found "hummingbot", expected one of freqtrade, http_json']],
  [
    'exporter-listen',
    ['steward.yml:1:21: exporter.listen: found 9840, expected host:port, such as 127.0.0.1:9840'],
  ],
  [
    'exporter-port',
    ['steward.yml:1:21: exporter.listen: found "127.0.0.1:99840", expected a port up to 65535'],
  ],
  [
    'site-body-regexp',
    [
      'steward.yml:9:28: sites.blog.expect.body_regexp: found "(?=x)", expected a regular expression without look-around, and with no flag but (?i) at its start',
    ],
  ],
  [
    'several',
    [
      'steward.yml:2:24: hosts.web1.adress: found the unknown key "adress", expected perhaps address',
      'steward.yml:6:77: sites.two.services[0]: found "b", expected a service of web2: a',
      'steward.yml:7:29: sites.three.url: found "x", expected an http:// or https:// address without credentials',
      'steward.yml:9:40: policies[0].cooldown: found 1m, expected a cooldown of at least 3m, as long as the verification may take',
      'steward.yml:10:36: policies[1].mode: found "sometimes", expected observe, approve, auto, or earn(n) such as earn(5)',
    ],
  ],
];
