/** How a hostile peer's connections went, as it saw them itself: those it disturbs need not tell of one that comes to nothing. */
import { type Duration, type Instant, since } from '../core/time.ts';
import type { Evidence } from './evidence.ts';
import type { RecordedEvent } from './world.ts';

export type Meeting = {
  /** The honest peer at the other end. */
  readonly other: string;
  readonly from: Instant;
  /** How long it lasted: until the end of the run if nobody ended it. */
  readonly lasted: Duration;
  /** The other side hung up. */
  readonly wasEnded: boolean;
};

/** Every connection of this peer with somebody honest, in the order in which they began. */
export function meetingsOf(name: string, evidence: Evidence): readonly Meeting[] {
  const { at: end } = evidence.record.end;
  const events = evidence.eventsOf(name);
  const ends = new Map<number, Extract<RecordedEvent, { readonly type: 'disconnected' }>>();
  for (const event of events) if (event.type === 'disconnected') ends.set(event.conn, event);
  return events.flatMap((event): readonly Meeting[] => {
    if (event.type !== 'connected') return [];
    const other = evidence.nameAt(event.address);
    if (other === undefined || !evidence.isHonest(other)) return [];
    const ended = ends.get(event.conn);
    const isOver = ended !== undefined && ended.at <= end;
    return [
      {
        other,
        from: event.at,
        lasted: since(isOver ? ended.at : end, event.at),
        wasEnded: isOver && ended.reason === 'eof',
      },
    ];
  });
}
