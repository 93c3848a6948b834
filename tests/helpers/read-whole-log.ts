import type { LogFormat } from '../../inventory/schema/log-file.ts';
import type { LogEvent, LogItem } from '../../logs/log-event.ts';
import { endLog, logStart, readLog } from '../../logs/read-log.ts';

/** Everything in a log, handed over in pieces of these sizes, the last one again and again. */
export function readWholeLog(format: LogFormat, bytes: Buffer, sizes: readonly number[] = [bytes.length]) {
  let position = logStart;
  const items: LogItem[] = [];
  const lost = { cut: 0, dropped: 0 };
  const take = (reading: ReturnType<typeof readLog>) => {
    items.push(...reading.items);
    lost.cut += reading.cut;
    lost.dropped += reading.dropped;
    // What is kept between two pieces is what a file of JSON gives back.
    position = JSON.parse(JSON.stringify(reading.position)) as typeof position;
  };
  for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
    const size = Math.max(1, sizes[Math.min(piece, sizes.length - 1)] ?? bytes.length);
    take(readLog(format, position, bytes.subarray(at, at + size)));
    at += size;
  }
  take(endLog(format, position));
  return { items, events: items.filter((item): item is LogEvent => item.kind === 'event'), ...lost };
}
