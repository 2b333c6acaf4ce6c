import { describe, expect, it } from 'vitest';
import { removalTable } from '../../../src-shared/domain/removalTable.ts';

const header = 'head\tmask\tverdict\tborderline\tbrain_ml\tseen';

describe('a table of removal masks', () => {
  it('gives each row its verdict, the verdict that was near, and the brain it takes', () => {
    const text = `${header}\na\tm/a.nii.gz\t2\t3\t0.4\tlids stay\nb\tm/b.nii.gz\tx\t\t1500\tall gone\n`;
    expect(removalTable(text)).toEqual([
      { head: 'a', mask: 'm/a.nii.gz', verdict: 2, borderline: 3, brainMl: 0.4, seen: 'lids stay' },
      { head: 'b', mask: 'm/b.nii.gz', verdict: null, borderline: null, brainMl: 1500, seen: 'all gone' },
    ]);
  });

  it('needs no more than head, mask and verdict', () => {
    expect(removalTable('head,mask,verdict\na,b,1\n')).toEqual([
      { head: 'a', mask: 'b', verdict: 1, borderline: null, brainMl: null, seen: '' },
    ]);
  });

  it.each([
    ['a missing column', 'head\tverdict\na\t1\n', /no column mask/],
    ['a verdict that is none', `${header}\na\tb\t4\t\t0\t\n`, /Row 2 has no verdict/],
    ['a volume that is none', `${header}\na\tb\t1\t\tlittle\t\n`, /brain_ml/],
    ['a row without a head', `${header}\n\tb\t1\t\t0\t\n`, /names no head/],
  ])('refuses %s with the row', (_, text, sentence) => {
    expect(() => removalTable(text)).toThrow(sentence);
  });
});
