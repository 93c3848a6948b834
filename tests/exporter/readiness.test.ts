import { describe, expect, test } from '@jest/globals';
import { createReadiness } from '../../exporter/readiness.ts';

describe('the exporter', () => {
  test('is ready when everything has been tried once, and stays so over a reload', () => {
    let untried = 2;
    const readiness = createReadiness(
      () => untried,
      () => 0,
    );
    expect(readiness()).toBe('2 of the first readings are still to come');
    untried = 0;
    expect(readiness()).toBeUndefined();
    untried = 5;
    expect(readiness()).toBeUndefined();
  });

  test('does not wait longer than a minute for a host that is down', () => {
    let nowMs = 1000;
    const readiness = createReadiness(
      () => 1,
      () => nowMs,
    );
    nowMs += 59_999;
    expect(readiness()).toContain('1 of');
    nowMs += 1;
    expect(readiness()).toBeUndefined();
  });
});
