import { load } from 'js-yaml';
import { isDeepStrictEqual } from 'node:util';
import { readPositions } from '../inventory/positions.ts';
import { CommandError } from './command.ts';

/**
 * Puts a host's key into the text of steward.yml: in the place of the old one, or behind its address. All else stays as it is.
 * Throws a CommandError where that is not certain to be right.
 */
export function withHostKey(text: string, hostId: string, fingerprint: string): string {
  const path = ['hosts', hostId, 'host_key'];
  const before = load(text) as { hosts: Record<string, Record<string, unknown>> };
  const isPinned = before.hosts[hostId]?.['host_key'] !== undefined;
  const edited = isPinned ? replaced(text, path, fingerprint) : inserted(text, hostId, fingerprint);
  const expected = structuredClone(before);
  expected.hosts[hostId] = { ...expected.hosts[hostId], host_key: fingerprint };
  if (isDeepStrictEqual(loadOrUndefined(edited), expected)) return edited;
  throw new CommandError(`write it yourself, below hosts: ${hostId}: host_key: ${fingerprint}`);
}

function loadOrUndefined(text: string): unknown {
  try {
    return load(text);
  } catch {
    return undefined;
  }
}

function replaced(text: string, path: readonly string[], fingerprint: string): string {
  const start = offsetOf(text, path, 'value');
  const rest = text.slice(start).replace(/^('[^']*'|"[^"]*"|[^\s,}]+)/, fingerprint);
  return text.slice(0, start) + rest;
}

/** A block mapping gets a line of its own, with the indentation of the address; a flow mapping gets an entry before it. */
function inserted(text: string, hostId: string, fingerprint: string): string {
  const start = offsetOf(text, ['hosts', hostId, 'address'], 'key');
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const before = text.slice(lineStart, start);
  const entry = `host_key: ${fingerprint}`;
  return before.trim() === ''
    ? `${text.slice(0, start)}${entry}\n${before}${text.slice(start)}`
    : `${text.slice(0, start)}${entry}, ${text.slice(start)}`;
}

function offsetOf(text: string, path: readonly string[], part: 'key' | 'value'): number {
  const { line, column } = readPositions(text).locate(path, part);
  const lines = text.split('\n').slice(0, line - 1);
  return lines.reduce((sum, current) => sum + current.length + 1, 0) + column - 1;
}
