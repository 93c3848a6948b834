import { isDeepStrictEqual } from 'node:util';
import { load } from 'js-yaml';
import { readPositions } from '../inventory/file/positions.ts';
import { CommandError } from './command.ts';

/** A plain or quoted value, as far as it goes on its line. */
const VALUE = /^(?:'[^']*'|"[^"]*"|[^\s,}]+)/;

/**
 * Puts a host's key into the text of steward.yml: in the place of the old one, or behind its address. All else stays as it is.
 * Throws a CommandError where that is not certain to be right.
 */
export function withHostKey(text: string, hostId: string, fingerprint: string): string {
  const expected = read(text);
  const host = expected?.hosts?.[hostId];
  if (expected?.hosts !== undefined && host !== undefined) {
    // A new object: one that YAML aliases share must not change for the others.
    expected.hosts[hostId] = { ...host, host_key: fingerprint };
    const candidates =
      host['host_key'] === undefined
        ? inserted(text, hostId, fingerprint)
        : [replaced(text, hostId, fingerprint)];
    const edited = candidates.find((candidate) => isDeepStrictEqual(read(candidate), expected));
    if (edited !== undefined) return edited;
  }
  throw new CommandError(
    `nothing was written: the place is not clear; add it below hosts.${hostId} yourself: host_key: ${fingerprint}`,
  );
}

/** What the text says; undefined where it does not parse. */
function read(text: string): { hosts?: Record<string, Record<string, unknown>> } | undefined {
  try {
    return load(text) as ReturnType<typeof read>;
  } catch {
    return undefined;
  }
}

function replaced(text: string, hostId: string, fingerprint: string): string {
  const start = offsetOf(text, ['hosts', hostId, 'host_key'], 'value');
  return text.slice(0, start) + text.slice(start).replace(VALUE, fingerprint);
}

/** The two ways to add it behind the address: a line of its own in a block mapping, an entry in a flow mapping. */
function inserted(text: string, hostId: string, fingerprint: string): string[] {
  const path = ['hosts', hostId, 'address'];
  const key = offsetOf(text, path, 'key');
  const indentation = text.slice(text.lastIndexOf('\n', key - 1) + 1, key);
  const value = offsetOf(text, path, 'value');
  const valueEnd = value + (VALUE.exec(text.slice(value))?.[0].length ?? 0);
  const lineEnd = valueEnd + text.slice(valueEnd).search(/\r?\n|$/);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const put = (offset: number, entry: string) => text.slice(0, offset) + entry + text.slice(offset);
  return [
    put(lineEnd, `${lineBreak}${indentation}host_key: ${fingerprint}`),
    put(valueEnd, `, host_key: ${fingerprint}`),
  ];
}

function offsetOf(text: string, path: readonly string[], part: 'key' | 'value'): number {
  const { line, column } = readPositions(text).locate(path, part);
  const lines = text.split('\n').slice(0, line - 1);
  return lines.reduce((sum, current) => sum + current.length + 1, 0) + column - 1;
}
