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

/** The harmless part of a sidecar; only numbers, short words and lists of them survive. */
export function scrubSidecar(sidecar: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const harmless = (value: unknown): boolean =>
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && value.length <= 64) ||
    (Array.isArray(value) && value.every(harmless));
  return Object.fromEntries(
    Object.entries(sidecar).filter(([key, value]) => kept.has(key) && harmless(value)),
  );
}
