import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import type { StewardYml } from '../../../lab/stack/lab-inventory.ts';
import { runCommand } from '../../../lab/parts/run-command.ts';
import { basic } from '../../../lab/stack/servers.ts';
import type { AlertFault } from './alert-fault.ts';
import type { Stage } from './stage.ts';

async function post(url: string, authorization: string, body?: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const toRemediator = ({ lab }: Stage, path: string, body: object) =>
  post(`http://127.0.0.1:${lab.ports.remediator}${path}`, basic(lab.secrets.remediator_password), body);

/** Alertmanager's webhook. */
const deliver = ({ lab }: Stage, body: object) =>
  post(`http://127.0.0.1:${lab.ports.remediator}/webhook`, `Bearer ${lab.secrets.webhook_token}`, body);

const reloadExporter = ({ lab }: Stage) =>
  post(`http://127.0.0.1:${lab.ports.exporter}/-/reload`, basic(lab.secrets.exporter_password));

/** Changes a file of the lab's, and keeps beside it what stood there. */
async function replace({ lab }: Stage, name: string, change: (text: string) => string): Promise<void> {
  const file = join(lab.folder, name);
  await copyFile(file, `${file}.kept`);
  await writeFile(file, change(await readFile(file, 'utf8')));
}

const putBack = ({ lab }: Stage, name: string) =>
  rename(join(lab.folder, `${name}.kept`), join(lab.folder, name));

const tell = ({ lab }: Stage, name: 'prometheus' | 'alertmanager') => lab.processes[name].kill('SIGHUP');

/** What Steward says of itself from its first moment on. */
export const fromTheBeginning: readonly AlertFault[] = [
  {
    description: 'that alerts arrive is told all the time',
    alerts: ['Watchdog'],
    inject: () => undefined,
  },
  {
    description: 'the key for fixes is not one that the host lets in, and no drill comes through',
    alerts: ['StewardDrill', 'DrillLate'],
    inject: () => undefined,
  },
  {
    description: 'somebody pauses the remediator, for half a day',
    alerts: ['RemediatorPaused'],
    inject: (stage) => toRemediator(stage, '/api/pause', { by: 'somebody' }),
    mend: (stage) => toRemediator(stage, '/api/pause/end', { by: 'somebody' }),
  },
];

const rejected = (name: 'prometheus' | 'alertmanager', alert: string): AlertFault => ({
  description: `${name}.yml has a mistake`,
  alerts: [alert],
  async inject(stage) {
    await replace(stage, `${name}.yml`, (text) => `${text}\nmistake: true\n`);
    tell(stage, name);
  },
  async mend(stage) {
    await putBack(stage, `${name}.yml`);
    tell(stage, name);
  },
});

/** A list of targets of one's own may name what is no longer there. */
export const unknownTarget: AlertFault = {
  description: 'Prometheus is told of a site that steward.yml does not have',
  alerts: ['TargetNotRead'],
  async inject(stage) {
    await replace(stage, 'prometheus.yml', (text) => {
      const configuration = load(text) as {
        scrape_configs: { job_name: string; static_configs?: object[] }[];
      };
      const steward = configuration.scrape_configs.find(({ job_name }) => job_name === 'steward');
      const probe = { __metrics_path__: '/probe', __param_module: 'site', __param_target: 'former' };
      const labels = { ...probe, job: 'site', instance: 'former', host: 'lab' };
      if (steward !== undefined)
        steward.static_configs = [{ targets: [`127.0.0.1:${stage.lab.ports.exporter}`], labels }];
      return dump(configuration);
    });
    tell(stage, 'prometheus');
  },
  async mend(stage) {
    await putBack(stage, 'prometheus.yml');
    tell(stage, 'prometheus');
  },
};

/** Configuration that is refused. */
export const configuration: readonly AlertFault[] = [
  rejected('prometheus', 'PrometheusConfigurationRejected'),
  rejected('alertmanager', 'AlertmanagerConfigurationRejected'),
  {
    description: 'steward.yml has a mistake',
    alerts: ['ConfigurationRejected'],
    async inject(stage) {
      await replace(stage, 'steward.yml', (text) => `${text}\nmistake: true\n`);
      await reloadExporter(stage);
    },
    async mend(stage) {
      await putBack(stage, 'steward.yml');
      await reloadExporter(stage);
    },
  },
];

/** Rules that fail, and series that are too many. */
export const tooMuch: readonly AlertFault[] = [
  {
    description: 'a rule of the operator joins many to many',
    alerts: ['RulesFailing'],
    async inject(stage) {
      const rule = { record: 'own:mistake', expr: 'up * on () up' };
      const file = join(stage.lab.folder, 'rules', 'own.yml');
      await writeFile(file, dump({ groups: [{ name: 'own', rules: [rule] }] }));
      tell(stage, 'prometheus');
    },
    async mend(stage) {
      await rm(join(stage.lab.folder, 'rules', 'own.yml'));
      tell(stage, 'prometheus');
    },
  },
  {
    description: 'a host has more series than steward.yml allows',
    alerts: ['SeriesDropped'],
    async inject(stage) {
      await replace(stage, 'steward.yml', (text) => {
        const content = load(text) as StewardYml;
        return dump({ ...content, exporter: { ...(content['exporter'] as object), series_limit: 12 } });
      });
      await reloadExporter(stage);
    },
    async mend(stage) {
      await putBack(stage, 'steward.yml');
      await reloadExporter(stage);
    },
  },
  {
    description: 'Alertmanager leaves alerts out of what it delivers',
    alerts: ['AlertsLeftOut'],
    inject: (stage) => deliver(stage, { version: '4', truncatedAlerts: 3, alerts: [] }),
  },
];

/** Alertmanager has nobody to deliver to. */
export const noRemediator: AlertFault = {
  description: 'the remediator has ended',
  alerts: ['RemediatorDown', 'NotificationsFailing'],
  inject: ({ lab }) => lab.processes.remediator.stop(),
  mend: ({ lab }) => lab.restart('remediator'),
};

/** Nothing is read any more: the last of all faults, which nobody mends. */
export const noExporter: AlertFault = {
  description: 'the exporter has ended',
  alerts: ['ExporterDown'],
  inject: ({ lab }) => lab.processes.exporter.stop(),
};

/** Whoever writes to it waits. */
export const frozenJournal: AlertFault = {
  description: 'the disk of the journal does not answer',
  alerts: ['JournalDown'],
  async inject(stage) {
    await runCommand(['fsfreeze', '--freeze', stage.journalFolder]);
    void deliver(stage, { version: '4', alerts: [alertOf(9000, 30)] }).catch(() => undefined);
  },
  mend: ({ journalFolder }) => runCommand(['fsfreeze', '--unfreeze', journalFolder]),
};

/** Alerts of these many characters, the large ones first: what is left for the small is too little for what is to be written of each. */
const LENGTHS = [60_000, 3000, 30];

/** The disk of the journal is full, to its last block. */
export const fullJournal: AlertFault = {
  description: 'the disk of the journal is full, and Alertmanager delivers',
  alerts: ['JournalDiskFull', 'JournalNotWritten', 'RemediatorInterrupted'],
  async inject(stage) {
    await fill(join(stage.journalFolder, 'filler'));
    let count = 0;
    for (const length of LENGTHS) {
      const status = async () =>
        (await deliver(stage, { version: '4', alerts: [alertOf((count += 1), length)] })).status;
      for (let tries = 0; tries < 200; tries += 1) if ((await status()) === 503) break;
    }
  },
  mend: ({ journalFolder }) => rm(join(journalFolder, 'filler')),
};

function alertOf(count: number, length: number): object {
  return {
    status: 'firing',
    labels: { alertname: 'SomethingOfYours', instance: 'lab', long: 'x'.repeat(length) },
    annotations: {},
    startsAt: new Date().toISOString(),
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: count.toString(16).padStart(16, '0'),
  };
}

async function fill(file: string): Promise<void> {
  for (let size = 1 << 20; size >= 512;) {
    try {
      await writeFile(file, Buffer.alloc(size), { flag: 'a' });
    } catch {
      size >>= 1;
    }
  }
}
