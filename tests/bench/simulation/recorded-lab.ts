import { waitUntil } from '../../../lab/parts/wait-until.ts';
import { startLab, type Lab } from '../../../lab/stack/lab.ts';
import { basic } from '../../../lab/stack/servers.ts';

const PROBES = {
  host: 'module=host&target=lab',
  site: 'module=site&target=blog',
  bot: 'module=bot&target=trend',
  job: 'module=job&target=backup',
  stage: 'module=job&target=draft',
} as const;

/** What Prometheus reads of a real site, host, bot and job, and of Steward and Alertmanager themselves, as texts. */
export type RecordedPages = Readonly<
  Record<keyof typeof PROBES | 'exporter' | 'remediator' | 'alertmanager', string>
>;

const NOT_READ_YET = /^steward_data_timestamp_seconds\{.*\} 0$/m;

/** Starts the lab, keeps what each of its pages says once all that is read in the background was read, and ends it. */
export async function recordLab(): Promise<RecordedPages> {
  const lab = await startLab({ intervalSeconds: 1, log: () => undefined });
  try {
    return await readPages(lab);
  } finally {
    await lab.stop();
  }
}

async function readPages({ ports, secrets }: Lab): Promise<RecordedPages> {
  const probe = (name: keyof typeof PROBES) =>
    waitUntil(
      async () => {
        const text = await pageOf(ports.exporter, `/probe?${PROBES[name]}`);
        return NOT_READ_YET.test(text) ? undefined : text;
      },
      { what: `the ${name} to be read`, timeoutMs: 60_000, intervalMs: 500 },
    );
  return {
    host: await probe('host'),
    site: await probe('site'),
    bot: await probe('bot'),
    job: await probe('job'),
    stage: await probe('stage'),
    exporter: await pageOf(ports.exporter, '/metrics'),
    remediator: await pageOf(ports.remediator, '/metrics'),
    alertmanager: await pageOf(ports.alertmanager, '/metrics', basic(secrets.alertmanager_password)),
  };
}

async function pageOf(port: number, path: string, authorization = ''): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization } });
  if (!response.ok) throw new Error(`port ${port} answered ${path} with ${response.status}`);
  return response.text();
}
