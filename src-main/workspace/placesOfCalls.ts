/** Calls of a study that name a place on this machine, and where in their input. */
export const placesOfCalls: Readonly<Record<string, readonly string[]>> = {
  'imports.look': ['input'],
  'imports.start': ['input'],
  'runs.start': ['input'],
  'parts.merge': ['input', 'parts'],
  'dicom.look': ['folder'],
  'exports.start': ['folder'],
  'report.save': ['folder'],
  'triage.addModel': ['path'],
  'triage.findModels': ['folder'],
  'triage.matchGiven': ['originals', 'defaced'],
  'triage.takeGiven': ['originals', 'defaced'],
};

/** The places a call names, as they were sent: nothing of it has been checked yet. */
export function placesIn(name: string, input: unknown): string[] {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(placesOfCalls, name)) return [];
  const given = input as Readonly<Record<string, unknown>>;
  return placesOfCalls[name].flatMap((field) => {
    const place = given[field];
    return typeof place === 'string' && place !== '' ? [place] : [];
  });
}
