import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type Event } from 'js-yaml';

const QUOTED: ReadonlySet<number> = new Set([SCALAR_STYLE.SINGLE_QUOTED, SCALAR_STYLE.DOUBLE_QUOTED]);

/** Where the key and the value of a path begin, as offsets into the text. */
interface Place {
  readonly key: number;
  readonly value: number;
}

/** Finds where something stands in a YAML text. */
export interface Positions {
  /**
   * Line and column, counted from 1, of the value at a path, or of its key. Where the path is not in the text, the nearest
   * part of it that is.
   */
  locate(path: readonly PropertyKey[], part?: 'key' | 'value'): { line: number; column: number };
}

/** Reads the positions out of a YAML text that parses. Only its first document counts. */
export function readPositions(text: string): Positions {
  const places = new Map<string, Place>();
  walk(text, parseEvents(text, {}), places);
  return {
    locate(path, part = 'value') {
      for (let length = path.length; length > 0; length -= 1) {
        const place = places.get(keyOf(path.slice(0, length)));
        if (place !== undefined) return lineAndColumn(text, length === path.length ? place[part] : place.key);
      }
      return { line: 1, column: 1 };
    },
  };
}

/** A collection that is being walked: where its next child will stand. */
interface Level {
  readonly path: readonly PropertyKey[];
  readonly isMapping: boolean;
  index: number;
  pendingKey: { name: string; offset: number } | undefined;
}

function walk(text: string, events: readonly Event[], places: Map<string, Place>): void {
  const levels: Level[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) continue;
    if (event.type === EVENT_ID.POP) {
      levels.pop();
      continue;
    }
    const level = levels.at(-1);
    const offset = offsetOf(event);
    if (level?.isMapping === true && level.pendingKey === undefined) {
      const name = event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : '';
      level.pendingKey = { name, offset };
      continue;
    }
    const path = childPath(level);
    if (level !== undefined)
      places.set(keyOf(path), { key: level.pendingKey?.offset ?? offset, value: offset });
    if (level !== undefined) level.pendingKey = undefined;
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      levels.push({ path, isMapping: event.type === EVENT_ID.MAPPING, index: 0, pendingKey: undefined });
    }
  }
}

function childPath(level: Level | undefined): readonly PropertyKey[] {
  if (level === undefined) return [];
  if (level.pendingKey !== undefined) return [...level.path, level.pendingKey.name];
  level.index += 1;
  return [...level.path, level.index - 1];
}

function offsetOf(event: Exclude<Event, { type: typeof EVENT_ID.DOCUMENT | typeof EVENT_ID.POP }>): number {
  // The value of a quoted scalar begins behind its quote.
  if (event.type === EVENT_ID.SCALAR) return event.valueStart - (QUOTED.has(event.style) ? 1 : 0);
  return event.type === EVENT_ID.ALIAS ? event.anchorStart : event.start;
}

function keyOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('\0');
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
