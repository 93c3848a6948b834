import type { LatestRuns } from '../answers/needs-people.ts';
import { describePause, isPaused, type Pause } from '../pause.ts';
import type { Run } from '../run/run.ts';
import { html, type Html } from './html.ts';

/** What is wrong now, and what was done lately. */
export function overview({ latest, needPeople }: LatestRuns, pause: Pause | undefined, nowMs: number): Html {
  return html`${isPaused(pause, nowMs) ? html`<p class="blocked">${describePause(pause)}. <code>steward resume</code> ends that.</p>` : ''}
    <h2>What needs you</h2>
    ${needPeople.length === 0 ? html`<p>Nothing.</p>` : runTable(needPeople)}
    <h2>The latest runs</h2>
    ${latest.length === 0 ? html`<p>No alert has come yet.</p>` : runTable(latest)}`;
}

function runTable(runs: readonly Run[]): Html {
  return html`<table>
    <thead>
      <tr>
        <th>when</th>
        <th>alert</th>
        <th>about</th>
        <th>action</th>
        <th>outcome</th>
      </tr>
    </thead>
    <tbody>
      ${runs.map(runRow)}
    </tbody>
  </table>`;
}

function runRow({ id, alert, plan, state, outcome, reason, createdAt }: Run): Html {
  const { alertname = '', instance = '' } = alert.labels;
  return html`<tr>
    <td>
      <a href="/runs/${id}"><time>${createdAt}</time></a>
    </td>
    <td>${alertname}</td>
    <td>${instance}</td>
    <td>${plan?.action ?? ''}</td>
    <td class="${outcome ?? state}">
      ${outcome ?? state}${reason === undefined || reason === outcome ? '' : ` (${reason})`}
    </td>
  </tr> `;
}
