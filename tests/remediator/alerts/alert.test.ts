import { describe, expect, test } from '@jest/globals';
import { DeliveryError, parseDelivery } from '../../../remediator/alerts/alert.ts';
import { makeAlert, STARTS_AT } from '../alerts.ts';

const deliver = (change: object) => parseDelivery({ version: '4', alerts: [{ ...makeAlert(), ...change }] });

describe('the start of an alert', () => {
  test.each([
    ['in UTC', '2026-03-01T12:00:00Z'],
    ['in the time zone of another Alertmanager', '2026-03-01T14:00:00+02:00'],
    ['west of Greenwich', '2026-03-01T07:30:00.000-04:30'],
    ['finer than Prometheus gives it', '2026-03-01T12:00:00.000000789Z'],
  ])('written %s names the same episode', (_what, startsAt) => {
    expect(deliver({ startsAt }).alerts[0]?.startsAt).toBe(STARTS_AT);
  });

  test('a millisecond later names another', () => {
    expect(deliver({ startsAt: '2026-03-01T12:00:00.001Z' }).alerts[0]?.startsAt).not.toBe(STARTS_AT);
  });
});

test('fields that are not needed are not looked at', () => {
  const inside = { generatorURL: 'http://169.254.169.254/', externalURL: 'http://169.254.169.254/' };
  const more = { ...inside, annotations: 'odd' };
  const delivery = { version: '4', ...inside, notification_reason: 7, alerts: [{ ...makeAlert(), ...more }] };
  expect(parseDelivery(delivery)).toEqual({ version: '4', truncatedAlerts: 0, alerts: [makeAlert()] });
});

test('labels are kept as they came, however long', () => {
  const labels = { alertname: 'A', long: 'x'.repeat(100_000), __proto__x: '\u0000' };
  expect(deliver({ labels }).alerts[0]?.labels).toEqual(labels);
});

test('a label called __proto__ changes no prototype', () => {
  const labels: unknown = JSON.parse('{"alertname":"A","__proto__":"x"}');
  const [alert] = deliver({ labels }).alerts;
  expect(Object.getPrototypeOf(alert?.labels)).not.toBe('x');
  expect(alert?.labels['alertname']).toBe('A');
});

test('what is wrong is said, with its place', () => {
  expect(() => deliver({ labels: { alertname: 1 } })).toThrow(DeliveryError);
  expect(() => deliver({ labels: { alertname: 1 } })).toThrow(/alerts\.0\.labels\.alertname/);
});
