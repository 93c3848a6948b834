import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { pages, type Page } from './pages.ts';
import { chosen, datasource } from './query.ts';

/** Marks when the remediator ended an attempt to heal what is shown on a page: on that of the hosts, all that stands on them. */
export function runMarks({ uid, jobs }: Page): AnnotationQueryBuilder {
  const ended =
    'sum by (policy, target, outcome) (increase(steward_remediator_attempts_total{job="remediator"}[2m])) > 0';
  const shown = uid === pages.host.uid ? 'host=~"$instance"' : `job=~"${jobs}", ${chosen}`;
  const targets = `label_replace(group by (instance) (up{${shown}}), "target", "$1", "instance", "(.+)")`;
  return mark('Runs', 'blue')
    .expr(uid === pages.remediation.uid ? ended : `${ended} and on (target) ${targets}`)
    .titleFormat('{{policy}} on {{target}}: {{outcome}}');
}

/** Marks when another version of WordPress or of an active plugin or theme was there for the first time. */
export function updateMarks(): AnnotationQueryBuilder {
  return mark('Updates', 'purple')
    .expr(`instance_slug:wordpress_version:new2m{${chosen}}`)
    .titleFormat('{{instance}}: {{slug}} {{version}}');
}

/** Marks when bots were restarted. */
export function botRestartMarks(): AnnotationQueryBuilder {
  return mark('Bot restarts', 'orange')
    .expr(`changes(freqtrade_bot_start_timestamp_seconds{${chosen}}[2m]) > 0`)
    .titleFormat('{{instance}} was restarted');
}

/** Marks when hosts were restarted. */
export function rebootMarks(): AnnotationQueryBuilder {
  return mark('Restarts of hosts', 'orange')
    .expr(`resets(host_uptime_seconds{${chosen}}[2m]) > 0`)
    .titleFormat('{{instance}} was restarted');
}

function mark(name: string, color: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(datasource)
    .enable(true)
    .iconColor(color)
    .step('60s');
}
