import { describe, expect, test } from '@jest/globals';
import { metricsFormat } from '../../../exporter/metrics/metrics-format.ts';

describe('the format of metrics', () => {
  test.each<[accept: string]>([
    ['application/openmetrics-text'],
    ['Application/OpenMetrics-Text; version="1.0.0"'],
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    ],
  ])('is OpenMetrics for %s', (accept) => {
    expect(metricsFormat(accept)).toContain('application/openmetrics-text; version=1.0.0');
  });

  test.each<[accept: string | undefined]>([
    [undefined],
    [''],
    ['*/*'],
    ['text/html,application/xhtml+xml,*/*;q=0.8'],
    ['application/openmetrics-text;version=0.0.1'],
    ['application/openmetrics-text;q=0'],
    ['application/openmetrics-text;q=nonsense'],
    ['application/openmetrics-text;q=0.2,text/plain;q=0.9'],
    [',;=;q=,;;'.repeat(1000)],
  ])('is text for %s', (accept) => {
    expect(metricsFormat(accept)).toBe('text/plain; version=0.0.4; charset=utf-8');
  });
});
