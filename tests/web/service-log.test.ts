import { expect, test } from '@jest/globals';
import { lossyOutput } from '../../web/service-log.ts';

/** A disk with room for so many bytes. */
function disk(room: number) {
  const state = { room, text: '' };
  const write = (bytes: Buffer) => {
    if (state.room === 0) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    const written = bytes.subarray(0, state.room);
    state.room -= written.length;
    state.text += written.toString();
    return written.length;
  };
  return { state, output: lossyOutput(write) };
}

test('a line is written whole, in as many parts as it takes', () => {
  const parts: string[] = [];
  const output = lossyOutput((bytes) => {
    parts.push(bytes.subarray(0, 4).toString());
    return Math.min(4, bytes.length);
  });
  output.write('{"a":1}\n');
  expect(parts.join('')).toBe('{"a":1}\n');
});

test('what has no room is lost, and counted once there is room again, on lines of its own', () => {
  const { state, output } = disk(10);
  output.write('{"a":1}\n');
  output.write('{"b":2}\n');
  output.write('{"c":3}\n');
  expect(state.text).toBe('{"a":1}\n{"');
  state.room = 1000;
  output.write('{"d":4}\n');
  const lines = state.text.split('\n');
  expect(lines.slice(0, 2)).toEqual(['{"a":1}', '{"']);
  expect(JSON.parse(lines[2] ?? '')).toMatchObject({ level: 40, lost: 2 });
  expect(lines.slice(3)).toEqual(['{"d":4}', '']);
});
