import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { POSTGRES_PASSWORD, startPostgres, type Postgres } from '../../../lab/parts/postgres.ts';
import { startTcpProxy, type TcpProxy } from '../../helpers/tcp-proxy.ts';
import { startRemediator, type RunningRemediator } from '../process/running-remediator.ts';
import { useStage, type Stage } from '../process/stage.ts';

/** The journal's section of steward.yml, and its secret. */
export interface JournalSettings {
  readonly settings: object;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Hooks of the tests, as a variable of the environment that has Node load them first. */
export function loading(...hooks: readonly string[]): string {
  const urls = ['../replicas/quick-leases.ts', ...hooks].map((hook) => new URL(hook, import.meta.url).href);
  return `NODE_OPTIONS=${urls.map((url) => `--import=${url}`).join(' ')}`;
}

/** The settings of a journal in a database. */
export function journalIn(database: string): JournalSettings {
  return {
    settings: { journal: database, journal_password_file: 'secrets/journal_password' },
    secrets: { journal_password: POSTGRES_PASSWORD },
  };
}

/** Several remediators on one database, each behind a proxy that can cut it off. */
export class ReplicaStage {
  readonly stage: Stage;
  postgres!: Postgres;
  database!: string;
  #running: { readonly remediator: RunningRemediator; readonly proxy: TcpProxy }[] = [];

  constructor(stage: Stage) {
    this.stage = stage;
  }

  async open(): Promise<void> {
    this.postgres = await startPostgres(join(this.stage.folder.path, 'postgres'));
  }

  async reset(): Promise<void> {
    this.database = await this.postgres.createDatabase(`journal_${randomBytes(6).toString('hex')}`);
  }

  /** A drifted site, whose fix is tried once. */
  inventory(change: object = {}): object {
    const query = 'sum(wordpress_path_permission_violations{instance="$target"}) == 0';
    const verify = { query, samples: 1, within: '4s' };
    const policy = { name: 'fix-permissions', mode: 'auto', cooldown: '1h', verify };
    return this.stage.inventory({ policies: [policy], ...change });
  }

  /** Starts another remediator. What the environment holds goes in front of it. */
  async start(inventory: object, prefix: readonly string[] = [loading()]): Promise<Replica> {
    const proxy = await startTcpProxy(this.postgres.port);
    const folder = join(this.stage.folder.path, `replica-${this.#running.length}`);
    await rm(folder, { recursive: true, force: true });
    const through = this.database.replace(`:${this.postgres.port}/`, `:${proxy.port}/`);
    const remediator = await startRemediator({ folder, inventory, prefix, ...journalIn(through) });
    this.#running.push({ remediator, proxy });
    return { ...remediator, proxy };
  }

  async leave(): Promise<void> {
    await this.stage.host.letGo();
    for (const { remediator, proxy } of this.#running) {
      // One that is stopped hears of nothing but this.
      remediator.process.kill('SIGKILL');
      await remediator.process.ended;
      await proxy.close();
    }
    this.#running = [];
  }
}

/** A remediator among several, and what stands between it and the database. */
export type Replica = RunningRemediator & { readonly proxy: TcpProxy };

/** Sets a stage for several remediators up for the tests of a file. */
export function useReplicas(): ReplicaStage {
  const replicas = new ReplicaStage(useStage());
  beforeAll(() => replicas.open());
  afterAll(() => replicas.postgres.stop());
  beforeEach(() => replicas.reset());
  afterEach(() => replicas.leave());
  return replicas;
}
