/** What one cell of the matrix of scans and tools says. */
export interface MatrixCell {
  readonly text: string;
  readonly tone: 'neutral' | 'good' | 'warn' | 'bad' | 'accent';
  readonly title: string;
  /** 0 to 1 while this cell is being worked on, else null. */
  readonly progress: number | null;
}
