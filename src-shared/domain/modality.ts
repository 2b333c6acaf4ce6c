/** MRI contrast of a scan, named by its BIDS suffix; `unknown` where neither name, sidecar nor user says. */
export const modalities = ['T1w', 'T2w', 'FLAIR', 'PDw', 'unknown'] as const;
export type Modality = (typeof modalities)[number];
