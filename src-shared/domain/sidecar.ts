/**
 * Sidecar keys that describe how an image was taken and can not name a person, a place or a time. Everything else is
 * dropped: free text (descriptions, comments, protocol names) is where names are typed.
 */
const kept = new Set([
  'Modality',
  'MagneticFieldStrength',
  'ImagingFrequency',
  'Manufacturer',
  'ManufacturersModelName',
  'PatientPosition',
  'MRAcquisitionType',
  'ScanningSequence',
  'SequenceVariant',
  'ScanOptions',
  'SliceThickness',
  'SpacingBetweenSlices',
  'EchoTime',
  'RepetitionTime',
  'InversionTime',
  'FlipAngle',
  'EchoNumber',
  'EchoTrainLength',
  'NumberOfAverages',
  'PixelBandwidth',
  'AcquisitionMatrixPE',
  'ReconMatrixPE',
  'PercentPhaseFOV',
  'PercentSampling',
  'PhaseEncodingDirection',
  'InPlanePhaseEncodingDirectionDICOM',
  'ImageOrientationPatientDICOM',
  'ParallelReductionFactorInPlane',
  'NonlinearGradientCorrection',
  'SAR',
  'ConversionSoftware',
  'ConversionSoftwareVersion',
]);

/**
 * The harmless part of a sidecar; only numbers, short words and lists of them survive. Of de-identification codes
 * (BIDS DeidentificationMethodCodeSequence) the values stay: a claim that is shown as one.
 */
export function scrubSidecar(sidecar: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const harmless = (value: unknown): boolean =>
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length <= 64) ||
    (Array.isArray(value) && value.every(harmless));
  const claimed = codesOf(sidecar.DeidentificationMethodCodeSequence);
  return {
    ...Object.fromEntries(Object.entries(sidecar).filter(([key, value]) => kept.has(key) && harmless(value))),
    ...(claimed.length > 0 && { DeidentificationMethodCodeSequence: claimed }),
  };
}

/** The codes that are one short word: a header may hold anything in their place. */
export const plainCodes = (codes: readonly unknown[]): string[] =>
  codes.filter((code) => typeof code === 'string' && /^[\w.-]{1,32}$/.test(code)) as string[];

/** Code values only (DICOM PS3.16 CID 7050 are six digits; other schemes use short words): meanings are free text. */
function codesOf(sequence: unknown): { CodeValue: string }[] {
  if (!Array.isArray(sequence)) return [];
  return plainCodes(sequence.map((item: unknown) => (item as { CodeValue?: unknown } | null)?.CodeValue)).map(
    (CodeValue) => ({ CodeValue }),
  );
}
