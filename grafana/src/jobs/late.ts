import { hourlyBars, lines, stateTimeline, type AnyPanel } from '../panels.ts';
import { chosen } from '../query.ts';

const empty = 'No jobs in steward.yml';

/** Whether jobs come in time. */
export function jobPanels(): AnyPanel[] {
  return [
    stateTimeline(
      {
        title: 'On time',
        description: 'Whether the job had succeeded by its deadline, grace included.',
        empty,
      },
      [{ expr: `job_late{${chosen}}`, legend: '{{instance}}' }],
      { 0: { text: 'On time', color: 'green' }, 1: { text: 'Late', color: 'red' } },
    ),
    stateTimeline(
      {
        title: 'Running',
        description: 'When runs were under way, and which took longer than max_duration.',
        empty,
      },
      [
        {
          expr: `(job_running{${chosen}} > bool 0) + job_running_too_long{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      {
        0: { text: 'Idle', color: 'text' },
        1: { text: 'Running', color: 'blue' },
        2: { text: 'Too long', color: 'red' },
      },
    ),
    lines(
      {
        title: 'Time left',
        description: 'Time until a job must have succeeded again, grace included. Below 0 it is late.',
        empty,
      },
      [{ expr: `job_deadline_timestamp_seconds{${chosen}} - time()`, legend: '{{instance}}' }],
      { unit: 's' },
    ),
    lines(
      {
        title: 'Since the last success',
        description: 'How long ago each job last said that it had succeeded.',
        empty: 'No job has succeeded yet',
      },
      [
        {
          expr: `time() - job_last_success_timestamp_seconds{${chosen}}`,
          legend: '{{instance}}',
        },
      ],
      { unit: 's' },
    ),
  ];
}

/** How long runs took and how they ended. */
export function runPanels(): AnyPanel[] {
  return [
    lines(
      {
        title: 'Duration',
        description: 'How long the run that ended last took. A rise tells of trouble before the job is late.',
        empty: 'No job said when it started',
      },
      [{ expr: `job_last_duration_seconds{${chosen}}`, legend: '{{instance}}' }],
      { unit: 's' },
    ),
    hourlyBars(
      {
        title: 'Failures',
        description: 'Failures that jobs reported in each hour.',
        empty,
      },
      [{ expr: `increase(job_failures_total{${chosen}}[$__rate_interval])`, legend: '{{instance}}' }],
    ),
  ];
}
