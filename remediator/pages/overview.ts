import { describePause, isPaused, type Pause } from '../pause.ts';
import type { Run } from '../run/run.ts';
import { html, type Html } from './html.ts';

const DAY_MS = 86_400_000;

/** What is wrong now, and what was done lately. */
export function overview(runs: readonly Run[], pause: Pause | undefined, nowMs: number): Html {
  const waiting = runs.filter((run) => needsPeople(run, nowMs));
  return html`${isPaused(pause, nowMs) ? html`<p class="blocked">${describePause(pause)}. <code>steward resume</code> ends that.</p>` : ''}
    <h2>What needs you</h2>
    ${waiting.length === 0 ? html`<p>Nothing.</p>` : runTable(waiting)}
    <h2>The latest runs</h2>
    ${runs.length === 0 ? html`<p>No alert has come yet.</p>` : runTable(runs)}`;
}

/** An alert that nothing is done about, or a fix that failed within a day. What no policy is for is told by its own alert. */
function needsPeople({ state, outcome, createdAt }: Run, nowMs: number): boolean {
  if (state !== 'closed') return outcome === 'blocked' || outcome === 'awaiting_approval';
  const isRecent = nowMs - Date.parse(createdAt) < DAY_MS;
  return isRecent && (outcome === 'failed' || outcome === 'rolled_back');
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
