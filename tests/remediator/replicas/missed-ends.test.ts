import { expect, test } from '@jest/globals';
import { alert, violations } from '../process/stage.ts';
import { loading, useReplicas } from './replica-stage.ts';

const replicas = useReplicas();
const { stage } = replicas;
const TIMEOUT_MS = 60_000;

test(
  'an end that nobody tells of is noted by one of two, and the run that waited for a person has expired',
  async () => {
    const policies = [{ name: 'fix-permissions', mode: 'approve' }];
    const settings = replicas.inventory({ policies });
    const prefix = [loading('../process/quick-missed-ends.ts')];
    const [one, other] = [await replicas.start(settings, prefix), await replicas.start(settings, prefix)];
    await one.deliver(alert);
    const waiting = await other.untilRun(({ outcome }) => outcome === 'awaiting_approval');
    await stage.show(violations, 0);
    const run = await one.untilClosed();
    expect(run).toMatchObject({
      id: waiting.id,
      alertStatus: 'resolved',
      outcome: 'expired',
      reason: 'alert_resolved',
    });
    expect(run.events.map(({ kind, data }) => [kind, data['status']])).toEqual([
      ['received', 'firing'],
      ['corroborated', undefined],
      ['guarded', undefined],
      ['blocked', undefined],
      ['received', 'resolved'],
      ['finished', undefined],
    ]);
    expect(await other.runs()).toEqual(await one.runs());
    expect(await stage.host.calls()).toEqual([]);
  },
  TIMEOUT_MS,
);
