/** The fixtures `bad.<reason>.yml` of actions, each with the lines that it is refused with. */
export const refusedActions: readonly (readonly [reason: string, problems: readonly string[]])[] = [
  [
    'action-command',
    [
      'steward.yml:2:51: actions.relative.run[0]: found "flush", expected the absolute path of a program, such as /usr/local/bin/flush-cache',
      'steward.yml:3:48: actions.shell.run[0]: found "/bin/sh", expected a program that is no shell: values never reach one. Put the script into a file',
      'steward.yml:4:66: actions.unknown.run[1]: found "$level", expected one of $target, $run where $level stands',
      'steward.yml:4:74: actions.unknown.run[2]: found "--x=$HOME", expected one of $target, $run where $HOME stands',
      'steward.yml:4:109: actions.unknown.undo[1]: found "$", expected one of $target, $run where $ stands',
      'steward.yml:5:3: actions.Upper: found "Upper", expected an id of a-z, 0-9 and "-", starting with a letter or digit, 63 characters at most',
    ],
  ],
  [
    'action-parameter',
    [
      'steward.yml:2:18: actions.one.target: found "bot", expected one of site, host',
      'steward.yml:2:71: actions.one.parameters.run: found "run", expected a name of a-z, 0-9 and "_", not target, host or run',
      'steward.yml:3:88: actions.two.parameters.tag.pattern: found ".*", expected letters, digits, "-", "_" and classes such as [a-z0-9.-], each with ?, *, + or {2,5} after it where it repeats',
      'steward.yml:3:102: actions.two.parameters.both: found a mapping, expected one of enum, pattern and int',
      'steward.yml:4:32: actions.three.user: found "a b", expected the name of an account on the host',
      'steward.yml:4:86: actions.three.parameters.level.enum: found "soft", expected a list of words, or a mapping from words to what the command gets for them',
      'steward.yml:4:104: actions.three.parameters.n.int: found a mapping, expected a `min` that is not above `max`',
      'steward.yml:4:137: actions.three.timeout: found "2h", expected from 1s to 1h',
    ],
  ],
];
