import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProcess, type RunningProcess } from '../parts/process.ts';
import { runCommand, type CommandResult } from '../parts/run-command.ts';

/** A program that runs under supervisor. */
export interface SupervisedProgram {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly stopSignal: 'TERM' | 'QUIT';
  /** What tests its configuration, where it has such a test. */
  readonly configTest?: readonly string[];
}

/** Debian's supervisor with a configuration of its own. It restarts nothing by itself: that is Steward's work. */
export interface Supervisor {
  readonly configFile: string;
  readonly process: RunningProcess;
  /** The id of a program's main process. Rejects where it does not run. */
  pidOf(program: string): Promise<number>;
  stop(): Promise<void>;
}

/** The folder in which supervisor and its programs work, so that what outlives them can be found. */
export function workingFolderOf(folder: string): string {
  return join(folder, 'running');
}

/** Starts supervisor, and with it the programs. Blanks and quotes in a command are not supported by its configuration. */
export async function startSupervisor(
  folder: string,
  programs: readonly SupervisedProgram[],
): Promise<Supervisor> {
  const configFile = configFileOf(folder);
  await writeFile(configFile, configuration(folder, programs));
  const workingFolder = workingFolderOf(folder);
  await mkdir(workingFolder);
  const process = await startProcess({
    name: 'supervisord',
    cwd: workingFolder,
    argv: ['/usr/bin/supervisord', '-n', '-c', configFile],
    logFile: join(folder, 'supervisord.out'),
    debianPackage: 'supervisor',
  });
  const control = controlOf(configFile);
  await process.untilReady(() =>
    control('pid').then(
      () => true,
      () => false,
    ),
  );
  return {
    configFile,
    process,
    ...runningSupervisor(folder),
    stop: () => process.stop(20_000),
  };
}

/** The supervisor of a folder as any process of this machine reaches it. */
export function runningSupervisor(folder: string): Pick<Supervisor, 'pidOf'> {
  const control = controlOf(configFileOf(folder));
  return {
    pidOf: (program) =>
      control('pid', program).then(({ stdout }) => processId(program, stdout), notRunning(program)),
  };
}

/** Where its configuration is. */
export function configFileOf(folder: string): string {
  return join(folder, 'supervisord.conf');
}

function controlOf(configFile: string): (...words: string[]) => Promise<CommandResult> {
  return (...words) => runCommand(['supervisorctl', '-c', configFile, ...words]);
}

/** Supervisor says 0 where the program does not run; to signal that would hit our own processes. */
function processId(program: string, answer: string): number {
  const pid = Number(answer);
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`${program} does not run: its id is ${answer}`);
  return pid;
}

function notRunning(program: string) {
  return (cause: unknown): never => {
    throw new Error(`${program} does not run`, { cause });
  };
}

function configuration(folder: string, programs: readonly SupervisedProgram[]): string {
  const socket = join(folder, 'supervisor.sock');
  return `[supervisord]
logfile=${join(folder, 'supervisord.log')}
pidfile=${join(folder, 'supervisord.pid')}
childlogdir=${folder}
[unix_http_server]
file=${socket}
chmod=0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${socket}
${programs.map((program) => programSection(folder, program)).join('')}`;
}

function programSection(folder: string, { name, command, stopSignal }: SupervisedProgram): string {
  return `[program:${name}]
command=${command.join(' ')}
autostart=true
autorestart=false
startretries=0
startsecs=1
stopsignal=${stopSignal}
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile=${join(folder, `${name}.out`)}
`;
}
