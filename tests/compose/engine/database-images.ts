import { homedir } from 'node:os';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseArchive } from './debian-archives.ts';
import type { Engine } from './engine.ts';

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'steward');
const QUARTER_HOUR = 15 * 60_000;
const BASE = 'debian:bookworm-databases';
/** Debian's VictoriaMetrics, under the name that the published one has. */
export const STORE_IMAGE = 'victoriametrics/victoria-metrics:v1.79.5';

/** What of the published image's entrypoint docker-compose.yml relies on. */
const postgresEntrypoint = `#!/bin/sh
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" $POSTGRES_INITDB_ARGS
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  echo "CREATE DATABASE $POSTGRES_DB OWNER $POSTGRES_USER" | postgres --single -D "$PGDATA" postgres
fi
exec postgres -c listen_addresses='*'
`;

const images = {
  'postgres:18.6': `FROM ${BASE}
RUN usermod --uid 999 postgres && groupmod --gid 999 postgres \\
  && rm -rf /var/lib/postgresql && install -d -o 999 -g 999 /var/lib/postgresql \\
  && install -d -o 999 -g 999 -m 3777 /var/run/postgresql
COPY --chown=root entrypoint.sh /usr/local/bin/
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/15/docker
STOPSIGNAL SIGINT
ENTRYPOINT ["sh", "/usr/local/bin/entrypoint.sh"]
`,
  [STORE_IMAGE]: `FROM ${BASE}
ENTRYPOINT ["/usr/bin/victoria-metrics"]
`,
};

/** Makes what the profiles `postgres` and `scale` need besides, of Debian's packages: the same programs, if older ones. */
export async function makeDatabaseImages(engine: Engine, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await engine.docker(['import', await databaseArchive(cache), BASE], QUARTER_HOUR);
  await writeFile(join(folder, 'entrypoint.sh'), postgresEntrypoint);
  for (const [tag, dockerfile] of Object.entries(images)) {
    await writeFile(join(folder, 'Dockerfile'), dockerfile);
    await engine.docker(['build', '-t', tag, folder], QUARTER_HOUR);
  }
}
