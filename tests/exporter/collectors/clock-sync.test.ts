import { describe, expect, test } from '@jest/globals';
import { NoDataError } from '../../../exporter/collector.ts';
import { parseClockSync } from '../../../exporter/collectors/clock-sync.ts';
import { brief } from '../../helpers/brief.ts';

const chrony = (leap: string) =>
  `C0A80001,192.168.0.1,3,1700000000.123456789,-0.000001,0.000002,0.00001,-1.5,0.001,0.05,0.01,0.002,64.2,${leap}\n`;

describe('whether a clock is kept right', () => {
  test.each<[text: string, value: number]>([
    ['NTPSynchronized=yes\n', 1],
    ['NTPSynchronized=no\n', 0],
    [chrony('Normal'), 1],
    [chrony('Insert second'), 1],
    [chrony('Not synchronised'), 0],
  ])('%j: %d', (text, value) => {
    expect(brief(parseClockSync(text))).toEqual([`host_clock_synchronized ${value}`]);
  });

  test('a host that cannot tell is no fault', () => {
    expect(() => parseClockSync('')).toThrow(NoDataError);
  });

  test.each(['maybe', 'NTPSynchronized=perhaps', '<html>,'.repeat(20)])('%j is a bad answer', (text) => {
    expect(() => parseClockSync(text)).toThrow(expect.objectContaining({ reason: 'bad_answer' }));
  });
});
