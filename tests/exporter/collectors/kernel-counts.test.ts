import { describe, expect, test } from '@jest/globals';
import { NoDataError } from '../../../exporter/collector.ts';
import { parseClock } from '../../../exporter/collectors/clock.ts';
import { parseConntrack } from '../../../exporter/collectors/conntrack.ts';
import { parseOomKills } from '../../../exporter/collectors/oom-kills.ts';
import { parseOpenFiles } from '../../../exporter/collectors/open-files.ts';
import { parseSwapping } from '../../../exporter/collectors/swapping.ts';
import { brief } from '../../helpers/brief.ts';

const badAnswer = expect.objectContaining({ reason: 'bad_answer' });

describe('what the kernel counts', () => {
  const vmstat = 'nr_free_pages 1\npswpin 12\npswpout 34\noom_kill 5\n';

  test('programs that were ended for want of memory', () => {
    expect(brief(parseOomKills(vmstat))).toEqual(['host_oom_kills_total 5']);
    expect(() => parseOomKills('nr_free_pages 1\nxoom_kill 5\n')).toThrow(NoDataError);
  });

  test('traffic with swap', () => {
    expect(brief(parseSwapping(vmstat))).toEqual([
      'host_memory_swapped_in_pages_total 12',
      'host_memory_swapped_out_pages_total 34',
    ]);
    expect(() => parseSwapping('pswpin 1\npswpout many\n')).toThrow(badAnswer);
  });

  test('open files', () => {
    expect(brief(parseOpenFiles('608\t8\t2466170\n'))).toEqual([
      'host_files_open 600',
      'host_files_open_limit 2466170',
    ]);
    expect(() => parseOpenFiles('608\t0\n')).toThrow(badAnswer);
  });

  test('connections', () => {
    expect(brief(parseConntrack({ count: '7\n', max: '100\n' }))).toEqual([
      'host_conntrack_entries 7',
      'host_conntrack_entries_limit 100',
    ]);
    expect(() => parseConntrack({ count: undefined, max: undefined })).toThrow(NoDataError);
    expect(() => parseConntrack({ count: '7\n', max: 'x\n' })).toThrow(badAnswer);
  });
});

describe('the clock of a host', () => {
  const asked = { askedAt: 1_700_000_000_000, answeredAt: 1_700_000_000_200 };

  test('is held against the middle of the round trip, with how far that can be off', () => {
    expect(brief(parseClock({ ...asked, text: '1700000005.100000000\n' }))).toEqual([
      'host_clock_difference_seconds 5',
      'host_clock_difference_error_seconds 0.1',
    ]);
  });

  test.each(['', 'Mon Nov 23', '1700000005.%N\n', 'NaN', '1e9.1', `1${'0'.repeat(20)}.1`])(
    '%p is a bad answer',
    (text) => {
      expect(() => parseClock({ ...asked, text })).toThrow(badAnswer);
    },
  );
});
