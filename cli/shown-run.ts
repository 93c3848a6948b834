import { z } from 'zod';

/** A run, as the remediator's API tells it. */
export const shownRunSchema = z.object({
  id: z.string(),
  alertname: z.string().nullable(),
  instance: z.string().nullable(),
  alertStatus: z.string(),
  startsAt: z.string(),
  policy: z.string().nullable(),
  action: z.string().nullable(),
  target: z.string().nullable(),
  host: z.string().nullable(),
  parameters: z.record(z.string(), z.string()),
  planHash: z.string().nullable(),
  state: z.string(),
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
  createdAt: z.string(),
  events: z.array(z.object({ at: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()) })),
});

/** A run, as the remediator's API tells it. */
type ShownRun = z.output<typeof shownRunSchema>;

/** One line of a list of runs. */
export function runLine(run: ShownRun): string {
  const { id, createdAt, alertname, instance, action, outcome, state, reason } = run;
  const end =
    outcome === null ? state : outcome === reason || reason === null ? outcome : `${outcome} (${reason})`;
  return plain([createdAt, id, `${alertname ?? ''} ${instance ?? ''}`, action ?? '-', end].join('  '));
}

/** A run with all that happened in it. */
export function runText(run: ShownRun): string {
  const { id, alertname, instance, alertStatus, startsAt, policy, action, target, host } = run;
  const lines = [
    `run ${id}`,
    `alert ${alertname ?? ''} ${instance ?? ''}, ${alertStatus}, since ${startsAt}`,
    ...(policy === null ? [] : [`policy ${policy}: ${action ?? ''} for ${target ?? ''} on ${host ?? ''}`]),
    ...run.events.map(({ at, kind, data }) =>
      [at, kind, ...(Object.keys(data).length === 0 ? [] : [JSON.stringify(data)])].join('  '),
    ),
  ];
  return `${lines.map(plain).join('\n')}\n`;
}

/** What came from outside must not steer the terminal. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{fffd}');
}
