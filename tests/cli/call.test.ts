import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../lab/parts/temp-folder.ts';
import { steward } from '../helpers/steward-command.ts';

let folder: TempFolder;
beforeEach(async () => {
  folder = await createTempFolder('steward-cli');
  await copyFile('steward.example.yml', join(folder.path, 'steward.yml'));
});
afterEach(() => folder.remove());
const at = (path: string) => join(folder.path, path);

describe('steward', () => {
  const summaries: [name: string, call: string, summary: string][] = [
    [
      'init',
      'init [--config steward.yml] [--host <id>=[<user>@]<address>[:<port>]] [--host-key <id>=SHA256:...] [--key <file>] [--site <url>[=<folder>]] [--yes] [--json] [--show-script]',
      'look at your servers over SSH, show what is there, and write steward.yml and secrets/; overwrites nothing',
    ],
    [
      'check',
      'check [--config steward.yml] [--json]',
      'say what is wrong with steward.yml, all of it at once',
    ],
    [
      'secrets',
      'secrets [--config steward.yml]',
      'make the keys and passwords that are missing; overwrites nothing',
    ],
    [
      'host trust',
      'host trust <host> [--config steward.yml] [--yes]',
      "show a host's key and, once you confirm, pin it in steward.yml",
    ],
    [
      'host harden',
      'host harden <host> [--config steward.yml]',
      'print the script that root runs on a host: account, keys, dispatcher, sudo rule',
    ],
    [
      'host remove',
      'host remove <host> [--config steward.yml]',
      'print the script that takes away what `steward host harden` put on a host',
    ],
  ];

  test.each(['--help', '-h'])('lists its commands with %s', (option) => {
    const { status, stdout, stderr } = steward(folder.path, option);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n').slice(2, 8)).toEqual(
      summaries.map(([name, call, summary]) =>
        expect.stringMatching(
          new RegExp(`^  ${call.includes('<host>') ? `${name} <host>` : name} +${summary}$`),
        ),
      ),
    );
  });

  test.each(summaries)('%s --help shows its options', (name, call, summary) => {
    expect(steward(folder.path, ...name.split(' '), '--help')).toEqual({
      status: 0,
      stdout: `Usage: steward ${call}\n\n${summary}\n`,
      stderr: '',
    });
  });

  test.each<[args: string[], line: string]>([
    [['nope'], 'there is no command "nope"; steward --help lists them'],
    [['nope', '--help'], 'there is no command "nope"; steward --help lists them'],
    [['host'], 'there is no command "host"; steward --help lists them'],
    [['checks'], 'there is no command "checks"; steward --help lists them'],
    [['host', 'trust'], 'a word is missing: steward host trust <host> [--config steward.yml] [--yes]'],
    [['check', 'web1'], 'too many words: steward check [--config steward.yml] [--json]'],
    [['check', '--nope'], "Unknown option '--nope'; steward --help shows the options"],
    [['check', '--config'], "Option '--config <value>' argument missing; steward --help shows the options"],
    [
      ['check', '--config', '--json'],
      "Option '--config' argument is ambiguous; steward --help shows the options",
    ],
    [['check', '--yes'], '--yes is not for this: steward check [--config steward.yml] [--json]'],
    [['secrets', '--json'], '--json is not for this: steward secrets [--config steward.yml]'],
  ])('%j is a wrong call, in one line', (args, line) => {
    expect(steward(folder.path, ...args)).toEqual({ status: 2, stdout: '', stderr: `${line}\n` });
  });

  test('without a command says how it is called', () => {
    expect(steward(folder.path)).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/^Usage: steward <command> \[--config steward.yml\]\n/),
    });
  });

  test.each([['secrets'], ['host trust web1'], ['host harden web1'], ['host remove web1']])(
    '%s without a steward.yml says so in one line',
    (call) => {
      expect(steward(folder.path, ...call.split(' '), '--config', 'none.yml')).toEqual({
        status: 1,
        stdout: '',
        stderr: 'none.yml: found no file, expected a steward.yml; `steward init` writes one\n',
      });
    },
  );

  test.each([['trust'], ['harden'], ['remove']])(
    'host %s of a host that is not there names those that are',
    (verb) => {
      expect(steward(folder.path, 'host', verb, 'constructor')).toEqual({
        status: 1,
        stdout: '',
        stderr: 'steward.yml has no host "constructor"; it has web1\n',
      });
    },
  );

  test('says that its output could not be written, and fails', async () => {
    await using full = await open('/dev/full', 'w');
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(process.cwd(), 'cli/steward.js'), '--help'],
      {
        stdio: ['ignore', full.fd, 'pipe'],
        encoding: 'utf8',
      },
    );
    expect(stderr).toMatch(/^standard output cannot be written: ENOSPC.*\n$/);
    expect(status).toBe(1);
  });
});

describe('steward on an older Node', () => {
  const older = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'18.20.0'}})`;
  const ownNode = 'package/node_modules/node/bin/node';
  const run = () =>
    spawnSync(process.execPath, ['--import', older, at('package/cli/steward.js'), 'check', 'a b'], {
      encoding: 'utf8',
    });
  beforeEach(async () => {
    await mkdir(at('package/cli'), { recursive: true });
    await copyFile('cli/steward.js', at('package/cli/steward.js'));
    await writeFile(at('package/package.json'), '{ "type": "module" }');
  });
  const bring = async (script: string) => {
    await mkdir(at('package/node_modules/node/bin'), { recursive: true });
    await writeFile(at(ownNode), `#!/bin/sh\n${script}\n`);
    await chmod(at(ownNode), 0o755);
  };

  test('says what to do', () => {
    expect(run()).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'steward needs Node 24: run `npm ci` in its folder first, which brings it\n',
    });
  });

  test('is run by the Node that npm ci brought, with the same words and the same end', async () => {
    await bring('for word; do echo "<$word>"; done; exit 7');
    expect(run()).toMatchObject({
      status: 7,
      stdout: `<${at('package/cli/steward.js')}>\n<check>\n<a b>\n`,
      stderr: '',
    });
  });

  test('passes on the signal that ended it', async () => {
    await bring('kill -TERM $$');
    expect(run()).toMatchObject({ status: null, signal: 'SIGTERM' });
  });

  test('says why that Node cannot be run', async () => {
    await bring('');
    await chmod(at(ownNode), 0o644);
    const { status, stderr } = run();
    expect(stderr).toBe(`${at(ownNode)} cannot be run: spawnSync ${at(ownNode)} EACCES\n`);
    expect(status).toBe(1);
  });

  test('the file itself is what package.json names, and can be run', async () => {
    const { bin } = JSON.parse(await readFile('package.json', 'utf8')) as { bin: { steward: string } };
    const { status, stdout } = spawnSync(bin.steward, ['--help'], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^Usage: steward/) });
  });
});
