import type { Run, RunEvent } from '../run/run.ts';
import { html, type Html } from './html.ts';

/** One run, with all that happened in it. */
export function runPage({ alert, plan, state, outcome, reason, attempt, events }: Run): Html {
  const facts: readonly (readonly [string, string])[] = [
    ['alert', `${alert.labels['alertname'] ?? ''}, ${alert.status}, since ${alert.startsAt}`],
    [
      'state',
      `${state}${outcome === undefined ? '' : `: ${outcome}`}${reason === undefined ? '' : ` (${reason})`}`,
    ],
    ['attempt', String(attempt)],
    ['policy', plan?.policy ?? 'none'],
    ['action', plan?.action ?? 'none'],
    ['on', plan === undefined ? '' : `${plan.target} on ${plan.host}`],
    [
      'with',
      Object.entries(plan?.parameters ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ],
  ];
  return html`<table>
      ${facts
        .filter(([, fact]) => fact !== '')
        .map(
          ([name, fact]) =>
            html`<tr>
              <th>${name}</th>
              <td>${fact}</td>
            </tr> `,
        )}
    </table>
    <h2>Events</h2>
    <table>
      ${events.map(eventRow)}
    </table>
    <h2>Labels of the alert</h2>
    <pre>${JSON.stringify(alert.labels, undefined, 2)}</pre>
    ${runbookLink(alert.labels['alertname'])}`;
}

function eventRow({ at, kind, data }: RunEvent): Html {
  const facts = Object.keys(data).length === 0 ? '' : JSON.stringify(data, undefined, 2);
  return html`<tr>
    <td><time>${at}</time></td>
    <td>${kind}</td>
    <td><pre>${facts}</pre></td>
  </tr> `;
}

function runbookLink(alertname: string | undefined): Html {
  if (alertname === undefined || !/^[A-Za-z0-9]+$/.test(alertname)) return html``;
  return html`<p><a href="/runbooks/${alertname}">What ${alertname} means, and what to do</a></p>`;
}
