import { brainPlaces, type BrainPlace } from '../regions/brainLossPlaces.ts';
import { valueOrReason, type Feature } from './feature.ts';

const where: Readonly<Record<BrainPlace, string>> = {
  frontal: 'in the frontal lobes',
  temporal: 'in the temporal lobes',
  cerebellum: 'in cerebellum and brainstem',
  other: 'elsewhere in the brain',
};

const noPlace = 'There is no brain mask, or no registration to tell the place by.';

/** The volume of `brain_loss_ml` by its place. Source: resources/help/features/brain_loss_places.md. */
export const brainLossByPlace: readonly Feature[] = brainPlaces.map((place) => ({
  id: `brain_loss_${place}_ml`,
  version: 1,
  title: `Brain removed ${where[place]}`,
  unit: 'ml',
  range: [0, Infinity],
  better: 'lower',
  help: 'brain_loss_places',
  description: `Volume of the brain mask that was removed completely ${where[place]}.`,
  compute: ({ brainPlaces: found }) => valueOrReason(found === null ? null : found[place], noPlace),
}));
