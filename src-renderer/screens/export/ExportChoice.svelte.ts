import type { ExportOptions } from '../../../src-shared/api/exportCalls.ts';
import { exportWords } from '../../words/export.ts';

/** How the person wants the export, as the form holds it and as the call takes it. */
export class ExportChoice {
  criterion = $state<ExportOptions['criterion']>('lenient');
  layout = $state<ExportOptions['layout']>('bids');
  which = $state<ExportOptions['which']>('best');
  labelling = $state<ExportOptions['labelling']>('new');
  trustedBy = $state('');
  normalise = $state<ExportOptions['normalise']>('none');
  masks = $state(true);
  oneMillimetre = $state(false);
  harmonise = $state(false);
  name = $state<string>(exportWords.nameDefault);
  authors = $state('');
  licence = $state('');
  version = $state('1.0.0');

  /** Changes whenever something does that decides what leaves. */
  options = $derived({
    criterion: this.criterion,
    layout: this.layout,
    which: this.which,
    labelling: this.labelling,
    ...given('labelsTrustedBy', this.labelling === 'keep' ? this.trustedBy : ''),
    normalise: this.normalise,
    masks: this.masks,
    oneMillimetre: this.oneMillimetre,
    harmonise: this.harmonise,
    ...given('name', this.name),
    authors: this.authors.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()])),
    ...given('licence', this.licence),
    ...given('version', this.version),
  });
}

/** A text that was given; what is left empty is not sent. */
const given = <Key extends string>(key: Key, value: string): Partial<Record<Key, string>> =>
  value.trim() === '' ? {} : ({ [key]: value.trim() } as Record<Key, string>);
