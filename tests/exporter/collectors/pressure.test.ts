import { describe, expect, test } from '@jest/globals';
import { NoDataError } from '../../../exporter/collector.ts';
import { parsePressure } from '../../../exporter/collectors/pressure.ts';
import { brief } from '../../helpers/brief.ts';

const text = (some: number, full: number) =>
  `some avg10=0.00 avg60=0.00 avg300=0.00 total=${some}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${full}\n`;

describe('pressure', () => {
  test('is told in seconds; that all wait for a CPU has no meaning', () => {
    const texts = { cpu: text(1_500_000, 9), io: text(2_000_000, 1_000_000), memory: text(4, 2) };
    expect(brief(parsePressure(texts))).toEqual([
      'host_pressure_waiting_seconds_total cpu 1.5',
      'host_pressure_waiting_seconds_total io 2',
      'host_pressure_stalled_seconds_total io 1',
      'host_pressure_waiting_seconds_total memory 0.000004',
      'host_pressure_stalled_seconds_total memory 0.000002',
    ]);
  });

  test('of kernels before 5.13 has one line for the CPU', () => {
    const cpu = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1000000\n';
    expect(brief(parsePressure({ cpu, io: undefined, memory: undefined }))).toEqual([
      'host_pressure_waiting_seconds_total cpu 1',
    ]);
  });

  test.each([undefined, ''])('that the kernel does not count is no fault: %p', (nothing) => {
    expect(() => parsePressure({ cpu: nothing, io: nothing, memory: nothing })).toThrow(NoDataError);
  });

  test.each(['<html>', 'some total=NaN\n', 'some total=-1\n', 'sometotal=1\n'])(
    '%p is a bad answer',
    (garbage) => {
      expect(() => parsePressure({ cpu: garbage, io: undefined, memory: undefined })).toThrow(
        expect.objectContaining({ reason: 'bad_answer' }),
      );
    },
  );
});
