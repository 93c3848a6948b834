import { randomBytes } from 'node:crypto';
import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dump } from 'js-yaml';
import { demoInventory } from '../../../lab/container/inventory.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { waitUntil } from '../../../lab/parts/wait-until.ts';
import type { Engine } from './engine.ts';
import { createProject, type Project } from './project.ts';
import { quicken } from './quicken.ts';
import { untilRun } from './running-stack.ts';

const QUARTER_HOUR = 15 * 60_000;
const SSH_PORT = 2222;
const services = ['exporter', 'remediator', 'prometheus', 'alertmanager'];

/**
 * The tests of docs/this-machine.md: the machine of the engine, as it is beside the containers, is watched and healed by them. The
 * engine has the images of the usual stack.
 */
export function testThisMachine(engine: Engine, folder: string): void {
  const supervisor = join(folder, 'machine/supervisord.conf');
  let project: Project;
  let removal = '';

  beforeAll(async () => {
    project = await createProject(engine, join(folder, 'clone'));
    await quicken(project.folder);
    await startMachine(engine, join(folder, 'machine'));
    await writeFile(join(project.folder, 'steward.yml'), dump(inventory(supervisor)));
    await writeFile(
      join(project.folder, '.env'),
      'COMPOSE_FILE=docker-compose.yml:docker-compose.host.yml:docker-compose.override.yml\n',
    );
    await project.steward(['secrets']);
    await project.steward(['host', 'trust', 'this', '--yes']);
    ({ stdout: removal } = await project.steward(['host', 'remove', 'this']));
    const { stdout: hardening } = await project.steward(['host', 'harden', 'this']);
    await writeFile(join(folder, 'harden.sh'), hardening);
    await engine.runBeside(['sh', join(folder, 'harden.sh')]);
    await project.compose(['build', 'exporter', 'remediator']);
    await project.steward(['up', '--', ...services]);
  }, QUARTER_HOUR);
  afterAll(async () => {
    await project.compose(['down', '--volumes']);
    await engine.runBeside(['supervisorctl', '-c', supervisor, 'shutdown']);
    await runCommand(['sh'], { stdin: removal });
  }, 120_000);

  test('it is let in over SSH, and seen by what is mounted', async () => {
    await waitUntil(() => isTrue(project, 'host_up{job="host",instance="this",host="this"} == 1'), {
      what: 'the machine to be up',
      timeoutMs: 120_000,
      intervalMs: 500,
    });
    const { bsize, blocks } = await statfs('/');
    expect(await project.query('host_filesystem_size_bytes{instance="this",mountpoint="/"}')).toBe(
      bsize * blocks,
    );
    // Its own network, and not that of the container.
    expect(await project.query('count(host_network_receive_bytes_total{device="docker0"})')).toBe(1);
    expect(await project.query('count(host_network_receive_bytes_total{device="eth0"})')).toBeUndefined();
    expect(await project.query('host_service_up{instance="this",name="worker"}')).toBe(1);
  }, 150_000);

  test('the exporter sees what every account of it does, and can change nothing', async () => {
    const inside = (...argv: string[]) => project.compose(['exec', '-T', 'exporter', ...argv]);
    expect((await inside('cat', '/proc/self/status')).stdout).toMatch(/^Uid:\t61000\t/m);
    expect((await inside('cat', '/host/etc/passwd')).stdout).toMatch(/^root:/);
    await expect(inside('cat', '/host/etc/shadow')).rejects.toThrow(/Permission denied/);
    await expect(inside('touch', '/host/steward-was-here')).rejects.toThrow(/Read-only file system/);
    await expect(project.compose(['exec', '-T', 'remediator', 'cat', '/host/etc/passwd'])).rejects.toThrow(
      /No such file/,
    );
  });

  test('a service of it that ended is started again', async () => {
    await engine.runBeside(['supervisorctl', '-c', supervisor, 'signal', 'KILL', 'worker']);
    await untilRun(project, ({ policy, outcome }) => policy === 'restart-service' && outcome === 'verified');
    expect(await project.query('host_service_up{instance="this",name="worker"}')).toBe(1);
  }, 300_000);
}

/** What the page says to write, with an account that no other test has. */
function inventory(config: string): object {
  const host = {
    address: 'host.docker.internal',
    mounted_at: '/host',
    port: SSH_PORT,
    user: `steward-t${randomBytes(3).toString('hex')}`,
    read_key_file: 'secrets/read/this',
    act_key_file: 'secrets/act/this',
    services: [{ name: 'worker', manager: 'supervisor', config }],
  };
  return { ...demoInventory(''), hosts: { this: host }, sites: {}, bots: {}, jobs: {} };
}

/** Starts what the machine runs beside its engine: an sshd that containers reach, and a service that restarts by nobody else. */
async function startMachine(engine: Engine, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const [hostKey, sshd] = [join(folder, 'host_key'), join(folder, 'sshd_config')];
  await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', hostKey]);
  await writeFile(
    sshd,
    `Port ${SSH_PORT}
HostKey ${hostKey}
PidFile none
UsePAM no
PasswordAuthentication no
AuthorizedKeysFile %h/.ssh/authorized_keys
`,
  );
  await writeFile(
    join(folder, 'supervisord.conf'),
    `[supervisord]
logfile=${folder}/supervisord.log
pidfile=${folder}/supervisord.pid
[unix_http_server]
file=${folder}/supervisor.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://${folder}/supervisor.sock
[program:sshd]
command=/usr/sbin/sshd -D -e -f ${sshd}
stderr_logfile=${folder}/sshd.log
[program:worker]
command=/bin/sleep infinity
autorestart=false
`,
  );
  // The first of its processes, so that it takes in what others leave behind, as an init does; dockerd does not.
  const start = 'unshare --pid --fork --kill-child supervisord -n -c "$1" </dev/null >/dev/null 2>&1 &';
  await engine.runBeside(['sh', '-c', start, 'sh', join(folder, 'supervisord.conf')]);
  const greets = `until exec 3<>/dev/tcp/127.0.0.1/${SSH_PORT} && read -r -u 3 line; do sleep 0.1; done`;
  await engine.runBeside(['timeout', '30', 'bash', '-c', greets]);
}

async function isTrue(project: Project, query: string): Promise<boolean> {
  return (await project.query(query)) !== undefined;
}
