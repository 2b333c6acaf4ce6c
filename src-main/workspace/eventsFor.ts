import type { Caller } from '../../src-shared/api/caller.ts';
import type { HostEvent } from '../../src-shared/api/hostContract.ts';

/** Events as far as a person may know of them: who is blind, or not signed in, hears of no file, tool or failure. */
export async function* eventsFor(
  events: AsyncIterable<HostEvent>,
  who: () => Caller,
): AsyncGenerator<HostEvent> {
  for await (const event of events) yield who().blind ? withoutFacts(event) : event;
}

function withoutFacts(event: HostEvent): HostEvent {
  if (event.kind === 'progress') return { ...event, progress: { ...event.progress, message: '' } };
  if (event.kind === 'job-ended') return { ...event, job: { ...event.job, input: null, error: null } };
  return event;
}
