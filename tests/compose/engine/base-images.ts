import { access, cp, mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { createTempFolder } from '../../../lab/parts/temp-folder.ts';
import { root } from '../compose.ts';
import { debianArchive, siteArchive } from './debian-archives.ts';
import type { Engine } from './engine.ts';

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'steward');
const NPM = '11.6.2';
const QUARTER_HOUR = 15 * 60_000;

/**
 * Makes the images that docker-compose.yml and the Dockerfiles begin with, under the same names, since none can be pulled: a small
 * Debian with the Node of node_modules, and the Prometheus and Alertmanager that were unpacked for the tests. What comes
 * over the network is kept below the user's cache folder.
 */
export async function makeBaseImages(engine: Engine, folder: string): Promise<void> {
  const debian = await debianArchive(cache);
  await npmCache();
  await engine.docker(['import', debian, 'debian:bookworm-slim'], QUARTER_HOUR);
  await Promise.all([
    makeNodeImage(engine, join(folder, 'node'), 'node:24-bookworm-slim', 'debian:bookworm-slim'),
    makeServerImage(engine, join(folder, 'prometheus'), {
      tag: 'prom/prometheus:v3.5.3',
      programs: {
        prometheus: 'sid/prometheus/usr/bin/prometheus',
        promtool: 'sid/promtool/usr/bin/promtool',
      },
    }),
    makeServerImage(engine, join(folder, 'alertmanager'), {
      tag: 'prom/alertmanager:v0.33.1',
      programs: {
        alertmanager: 'sid/prometheus-alertmanager/usr/bin/prometheus-alertmanager',
        amtool: 'sid/prometheus-alertmanager/usr/bin/amtool',
      },
      // Debian's has beside it what the published one has in it.
      share: 'sid/prometheus-alertmanager/usr/share/prometheus',
    }),
  ]);
}

/** Fills a cache with the packages that the images install, so that `npm ci` there needs no network. Several may do so at once. */
async function npmCache(): Promise<void> {
  const folder = join(cache, 'compose/npm');
  await mkdir(folder, { recursive: true });
  await using work = await createTempFolder('steward-npm');
  for (const name of ['package.json', 'package-lock.json']) await cp(join(root, name), join(work.path, name));
  const npm = (...args: string[]) =>
    runCommand(
      ['npm', ...args, '--cache', join(folder, 'cache'), '--prefer-offline', '--no-audit', '--no-fund'],
      {
        cwd: work.path,
        timeoutMs: QUARTER_HOUR,
      },
    );
  await npm('ci', '--omit=dev', '--ignore-scripts');
  const archive = `npm-${NPM}.tgz`;
  if (await exists(join(folder, archive))) return;
  await npm('pack', `npm@${NPM}`);
  await cp(join(work.path, archive), join(folder, archive));
}

async function makeNodeImage(engine: Engine, folder: string, tag: string, base: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'node_modules/node/bin/node'), join(folder, 'node'));
  await cp(join(cache, `compose/npm/npm-${NPM}.tgz`), join(folder, 'npm.tgz'));
  await cp(join(cache, 'compose/npm/cache'), join(folder, 'cache'), { recursive: true });
  await writeFile(
    join(folder, 'Dockerfile'),
    `FROM ${base}
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --create-home node
COPY node /usr/local/bin/node
COPY npm.tgz /tmp/npm.tgz
RUN mkdir -p /usr/local/lib/node_modules/npm \\
  && tar -xzf /tmp/npm.tgz -C /usr/local/lib/node_modules/npm --strip-components=1 \\
  && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
COPY cache /var/cache/npm
ENV npm_config_cache=/var/cache/npm npm_config_offline=true
CMD ["node"]
`,
  );
  await engine.docker(['build', '-t', tag, folder], QUARTER_HOUR);
}

/** The larger Node image, with all that the demo's host runs on, since nothing can be installed where there is no network. */
export async function makeSiteImage(engine: Engine, folder: string): Promise<void> {
  await engine.docker(['import', await siteArchive(cache), 'debian:bookworm'], QUARTER_HOUR);
  await makeNodeImage(engine, join(folder, 'node-with-site'), 'node:24-bookworm', 'debian:bookworm');
}

interface ServerImage {
  readonly tag: string;
  /** Programs of the image, and where they are below the cache folder. The first one is what it starts. */
  readonly programs: Readonly<Record<string, string>>;
  /** A folder below the cache folder that becomes /usr/share/prometheus. */
  readonly share?: string;
}

async function makeServerImage(
  engine: Engine,
  folder: string,
  { tag, programs, share }: ServerImage,
): Promise<void> {
  await mkdir(join(folder, 'share'), { recursive: true });
  if (share !== undefined) await cp(join(cache, share), join(folder, 'share'), { recursive: true });
  const names = Object.keys(programs);
  for (const [name, file] of Object.entries(programs)) await cp(join(cache, file), join(folder, name));
  const [main = ''] = names;
  await writeFile(
    join(folder, 'Dockerfile'),
    `FROM debian:bookworm-slim
COPY ${names.join(' ')} /bin/
COPY share /usr/share/prometheus
RUN install -d -o 65534 -g 65534 /${main}
USER nobody
WORKDIR /${main}
ENTRYPOINT ["/bin/${main}"]
`,
  );
  await engine.docker(['build', '-t', tag, folder], QUARTER_HOUR);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
