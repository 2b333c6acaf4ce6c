import type { FoundSeriesTable } from '../../src-shared/api/dicomCalls.ts';
import { chooseSeries, type DicomSeries } from '../../src-shared/domain/dicomSeries.ts';
import type { Modality } from '../../src-shared/domain/modality.ts';

/** A table of series, what its filter lets through, and which of them the person wants. It outlives a visit elsewhere. */
export class SeriesChoice {
  table = $state.raw<FoundSeriesTable | null>(null);
  contrast = $state<Modality | ''>('');
  person = $state('');
  words = $state('');
  leastSlices = $state(0);
  /** Keys chosen by hand; null for all that pass the filter. */
  #byHand = $state.raw<ReadonlySet<string> | null>(null);

  shown = $derived(
    (this.table?.series ?? []).filter(
      (series) =>
        (this.contrast === '' || series.modality === this.contrast) &&
        (this.person === '' || series.personKey === this.person) &&
        series.files >= this.leastSlices &&
        series.description.toLowerCase().includes(this.words.toLowerCase()),
    ),
  );
  chosen = $derived(
    chooseSeries(this.shown, {}).filter(({ seriesKey }) => this.#byHand?.has(seriesKey) ?? true),
  );
  persons = $derived(
    Object.entries(Object.groupBy(this.table?.series ?? [], ({ personKey }) => personKey)).map(
      ([person, series]) => ({ person, n: series?.length ?? 0 }),
    ),
  );
  results = $derived(new Map((this.table?.results ?? []).map((result) => [result.seriesKey, result])));

  readonly #ask: () => Promise<FoundSeriesTable | null>;

  constructor(ask: () => Promise<FoundSeriesTable | null>) {
    this.#ask = ask;
  }

  async refresh(): Promise<void> {
    this.table = await this.#ask();
  }

  /** Another folder or project: its table starts without a filter. */
  forget(): void {
    this.table = null;
    this.contrast = '';
    this.person = '';
    this.words = '';
    this.leastSlices = 0;
    this.#byHand = null;
  }

  isChosen = (series: DicomSeries): boolean | null =>
    series.unusable === null ? (this.#byHand?.has(series.seriesKey) ?? true) : null;

  choose(series: readonly DicomSeries[], on: boolean): void {
    const all = this.table?.series.filter(({ unusable }) => unusable === null) ?? [];
    const next = new Set(this.#byHand ?? all.map(({ seriesKey }) => seriesKey));
    for (const { seriesKey } of series) {
      if (on) next.add(seriesKey);
      else next.delete(seriesKey);
    }
    this.#byHand = next;
  }
}
