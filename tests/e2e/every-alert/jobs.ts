import type { AlertFault } from './alert-fault.ts';
import type { Stage } from './stage.ts';

async function ping({ lab }: Stage, path: string): Promise<void> {
  const url = `http://127.0.0.1:${lab.ports.exporter}/ping/${path}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${lab.secrets.ping_token}` } });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

/** A job that is to succeed each second. */
export const lateJob: AlertFault = {
  description: 'a job never says that it succeeded',
  alerts: ['JobLate'],
  inject: () => undefined,
};

/** Jobs that do not say what they should. */
export const jobs: readonly AlertFault[] = [
  {
    description: 'a job fails',
    alerts: ['JobFailed'],
    inject: (stage) => ping(stage, 'backup/fail?rid=0'),
  },
  {
    description: 'a job began, and has not ended by then',
    alerts: ['JobRunsTooLong'],
    inject: (stage) => ping(stage, 'endless/start?rid=0'),
  },
  {
    description: 'a stage of a pipeline succeeds again and again, and works through nothing of what waits',
    alerts: ['PipelineStageIdle'],
    async inject(stage) {
      const seconds = 'content_pipeline_last_success_timestamp_seconds{instance="draft"}';
      await ping(stage, 'draft?rid=0&items=0&waiting=7');
      await stage.shown(seconds);
      for (const rid of [1, 2, 3]) {
        await ping(stage, `draft?rid=${rid}&items=0&waiting=7`);
        await stage.shown(`changes(${seconds}[5m]) >= ${rid}`);
      }
    },
  },
];
