import {
  exclusionReasons,
  incomplete,
  type ExclusionReason,
  type Look,
  type Remain,
  type Verdict,
} from '../../src-shared/rating/verdict.ts';
import { confidenceWords, exclusionWords, remainWords, saidWords, verdictWords } from '../words/rating.ts';
import type { RatingAction } from './ratingKeys.ts';

const verdictOf: Partial<Record<RatingAction, Verdict>> = { passStrict: 1, passLenient: 2, insufficient: 3 };
const remainOf = (action: RatingAction): Remain | null => (action in remainWords ? (action as Remain) : null);

/**
 * One look as it is being given: what keys and buttons do to it, and what may not be. Nothing is chosen beforehand; a
 * digit chooses and never takes back; a pass clears what was said to remain; a verdict and an exclusion replace each
 * other.
 */
export class RatingLook {
  verdict = $state<Verdict | null>(null);
  exclusion = $state<ExclusionReason | null>(null);
  remains = $state.raw<readonly Remain[]>([]);
  brainCut = $state(false);
  note = $state('');
  confidence = $state<1 | 2 | 3 | null>(null);
  /** The reasons for an exclusion are open, and digits choose among them. */
  choosingExclusion = $state(false);
  /** What the last key did, in words. */
  said = $state('');

  value: Look = $derived({
    verdict: this.verdict,
    exclusion: this.exclusion,
    remains: this.remains,
    brainCut: this.brainCut,
    note: this.note,
    confidence: this.confidence,
  });
  /** What is missing before it can be committed; null when it is complete. */
  missing = $derived(incomplete(this.value));
  /** Nothing was chosen yet. */
  untouched = $derived(
    this.verdict === null &&
      this.exclusion === null &&
      this.remains.length === 0 &&
      !this.brainCut &&
      this.note === '' &&
      this.confidence === null,
  );

  /** Shows a look that was given or begun before; null an empty one. */
  begin(look: Look | null): void {
    this.verdict = look?.verdict ?? null;
    this.exclusion = look?.exclusion ?? null;
    this.remains = look?.remains ?? [];
    this.brainCut = look?.brainCut ?? false;
    this.note = look?.note ?? '';
    this.confidence = look?.confidence ?? null;
    this.choosingExclusion = false;
    this.said = '';
  }

  judge(verdict: Verdict): void {
    this.verdict = verdict;
    this.exclusion = null;
    this.choosingExclusion = false;
    if (verdict !== 3) this.remains = [];
    this.said = saidWords.verdict({ n: verdict, verdict: verdictWords(verdict) });
  }

  toggle(remain: Remain): void {
    if (this.exclusion !== null) this.said = saidWords.excludedAlready;
    else if (this.verdict === 1) this.said = saidWords.nothingRemains;
    else if (this.remains.includes(remain)) {
      this.remains = this.remains.filter((each) => each !== remain);
      this.said = saidWords.gone({ feature: remainWords[remain] });
    } else {
      this.remains = [...this.remains, remain];
      this.said = saidWords.remains({ feature: remainWords[remain] });
    }
  }

  toggleBrain(): void {
    this.brainCut = !this.brainCut;
    this.said = this.brainCut ? saidWords.brainCut : saidWords.brainIntact;
  }

  /** Opens or closes the reasons for an exclusion. */
  askExclusion(): void {
    this.choosingExclusion = !this.choosingExclusion;
    this.said = this.choosingExclusion ? saidWords.chooseExclusion : '';
  }

  /** Excludes the original instead of rating; null takes that back. */
  exclude(reason: ExclusionReason | null): void {
    this.exclusion = reason;
    this.choosingExclusion = false;
    if (reason !== null) {
      this.verdict = null;
      this.remains = [];
      this.brainCut = false;
    }
    this.said =
      reason === null ? saidWords.notExcluded : saidWords.excluded({ reason: exclusionWords(reason) });
  }

  sure(confidence: 1 | 2 | 3 | null): void {
    this.confidence = confidence;
    this.said = saidWords.confidence({ confidence: confidenceWords(confidence) });
  }

  /** Does what a key of the rail means; false where the key is not one of the look. */
  press(action: RatingAction): boolean {
    const verdict = verdictOf[action];
    const remain = remainOf(action);
    if (verdict !== undefined) this.judge(verdict);
    else if (remain !== null) this.toggle(remain);
    else if (action === 'brainCut') this.toggleBrain();
    else if (action === 'exclude') this.askExclusion();
    else if (action === 'confidence') this.sure(([null, 1, 2, 3] as const)[((this.confidence ?? 0) + 1) % 4]);
    else return false;
    return true;
  }

  /** While the reasons for an exclusion are open: a digit chooses one, Escape closes them. False for other keys. */
  pressExclusion(key: string): boolean {
    if (!this.choosingExclusion) return false;
    const reason = exclusionReasons[Number(key) - 1] as ExclusionReason | undefined;
    if (reason !== undefined) this.exclude(reason);
    else if (key === 'Escape') this.askExclusion();
    else return false;
    return true;
  }
}
