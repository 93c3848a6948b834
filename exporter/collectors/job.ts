import type { Collector } from '../collector.ts';
import { deadlineMs, isRunningTooLong } from '../jobs/job-schedule.ts';
import { counter, gauge, sample, type MetricDescriptor, type Sample } from '../metrics/metric.ts';
import type { JobTarget } from '../targets/target.ts';

const lastSuccess = gauge(
  'job_last_success_timestamp_seconds',
  'When the job last said that it had succeeded, in seconds since the epoch; missing where it never did.',
);
const lastStart = gauge(
  'job_last_start_timestamp_seconds',
  'When the job last said that it had started, in seconds since the epoch; missing where it never did.',
);
const lastFailure = gauge(
  'job_last_failure_timestamp_seconds',
  'When the job last said that it had failed, in seconds since the epoch; missing where it never did.',
);
const lastDuration = gauge(
  'job_last_duration_seconds',
  'How long the run that ended last took, in seconds; missing where it did not say when it started.',
);
const lastExitCode = gauge(
  'job_last_exit_code',
  'The exit code of the run that ended last; missing where it gave none.',
);
const successes = counter('job_successes_total', 'Successes that the job has reported.');
const failures = counter('job_failures_total', 'Failures that the job has reported.');
const running = gauge('job_running', 'Runs of the job that have started and have not ended.');
const runningTooLong = gauge(
  'job_running_too_long',
  'Whether a run of the job has taken longer than its max_duration, 0 or 1; 0 where it has none.',
);
const deadline = gauge(
  'job_deadline_timestamp_seconds',
  'By when the job must succeed next so as not to be late, grace included, in seconds since the epoch.',
);
const late = gauge('job_late', 'Whether the job has not succeeded by its deadline, 0 or 1.');

/** Makes the collector of what a job has reported, and of whether it is late. */
export function createJobCollector(now: () => number): Collector<JobTarget> {
  return {
    name: 'job',
    metrics: [
      lastSuccess,
      lastStart,
      lastFailure,
      lastDuration,
      lastExitCode,
      successes,
      failures,
      running,
      runningTooLong,
      deadline,
      late,
    ],
    collect: ({ entry, record }) => {
      const [nowMs, due] = [now(), deadlineMs(entry, record)];
      return Promise.resolve([
        ...seconds(lastSuccess, record.lastSuccessMs),
        ...seconds(lastStart, record.lastStartMs),
        ...seconds(lastFailure, record.lastFailureMs),
        ...seconds(lastDuration, record.lastDurationMs),
        ...(record.lastExitCode === undefined ? [] : [sample(lastExitCode, record.lastExitCode)]),
        sample(successes, record.successes),
        sample(failures, record.failures),
        sample(running, record.running.length),
        sample(runningTooLong, isRunningTooLong(entry, record, nowMs) ? 1 : 0),
        ...seconds(deadline, due),
        sample(late, due !== undefined && nowMs > due ? 1 : 0),
      ]);
    },
  };
}

function seconds(metric: MetricDescriptor<never>, milliseconds: number | undefined): Sample[] {
  return milliseconds === undefined ? [] : [sample(metric, milliseconds / 1000)];
}
