import type { HandlersOf } from '../../src-shared/api/call.ts';
import type { personsCalls } from '../../src-shared/api/personsCalls.ts';
import { covariatesOf } from '../../src-shared/domain/persons.ts';
import type { Engine } from './engine.ts';

export function personsHandlers({ persons, scans }: Engine): HandlersOf<typeof personsCalls> {
  return {
    'persons.list': () => persons.list(),
    'scans.covariates': () => {
      const people = new Map(persons.list().map((person) => [person.label, person]));
      return scans
        .list()
        .filter(({ state }) => state === 'ok')
        .map((scan) => {
          const person = people.get(scan.person);
          const session = person?.sessions.find(({ label }) => label === scan.session);
          return covariatesOf(scan, person?.columns ?? {}, session?.columns ?? {});
        });
    },
  };
}
