import { api } from '../client/httpApi.ts';
import { FoundFiles } from './FoundFiles.svelte.ts';
import { SeriesChoice } from './SeriesChoice.svelte.ts';

/** What the three ways in have found and not yet taken; kept while the person looks at other screens. */
export const foundFiles = new FoundFiles((input) => api['imports.found'](input));
export const dicomSeries = new SeriesChoice(() => api['dicom.found']({}));
export const xnatSeries = new SeriesChoice(() => api['xnat.found']({}));
