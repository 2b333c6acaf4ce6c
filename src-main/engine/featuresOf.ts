import { covariatesOf } from '../../src-shared/domain/persons.ts';
import type { FeatureValue, Scan } from '../../src-shared/domain/study.ts';
import { aboutScan } from '../../src-shared/predictors/aboutScan.ts';
import { storedValues } from '../../src-shared/predictors/predictors.ts';
import type { Engine } from './engine.ts';

type Reading = Pick<Engine, 'derived' | 'scans' | 'persons'>;

/** What is known of a scan without measuring it: demographics, scanner, sequence and contrast, each scan worked out once. */
export function aboutScans({ persons }: Pick<Reading, 'persons'>): (scan: Scan) => FeatureValue[] {
  const people = new Map(persons.list().map((person) => [person.label, person]));
  const known = new Map<string, FeatureValue[]>();
  return (scan) => {
    const before = known.get(scan.id);
    if (before !== undefined) return before;
    const person = people.get(scan.person);
    const session = person?.sessions.find(({ label }) => label === scan.session);
    const covariates = covariatesOf(scan, person?.columns ?? {}, session?.columns ?? {});
    const values = storedValues(
      'about-scan',
      aboutScan({ covariates, image: scan.image, sidecar: scan.sidecar }),
    );
    known.set(scan.id, values);
    return values;
  };
}

/**
 * Everything a model can read of a defacing: its measurements, the groups of predictors measured, and what is known of the
 * scan. Nothing at all for a defacing that was not measured. Take one for many defacings: it remembers scans.
 */
export function featuresOf(engine: Reading): (defacing: { id: string; scanId: string }) => FeatureValue[] {
  const about = aboutScans(engine);
  return ({ id, scanId }) => {
    const measured = engine.derived.features(id);
    const scan = measured.length === 0 ? null : engine.scans.byId(scanId);
    return scan === null ? measured : [...measured, ...about(scan)];
  };
}
