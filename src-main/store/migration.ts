/** One step of the schema. Numbered from 1 without gaps, never edited after release. */
export interface Migration {
  readonly id: number;
  readonly up: string;
}
