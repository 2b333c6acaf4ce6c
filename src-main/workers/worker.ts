import { answer } from './answer.ts';
import { applyMask } from './tasks/applyMask.ts';
import { benchmarkScan } from './tasks/benchmarkScan.ts';
import { deface } from './tasks/deface.ts';
import { takeGiven } from './tasks/takeGiven.ts';
import { exportImage } from './tasks/exportImage.ts';
import { inspect } from './tasks/inspect.ts';
import { maskedHead } from './tasks/maskedHead.ts';
import { measure } from './tasks/measure.ts';
import { patterns } from './tasks/patterns.ts';
import { practicePair } from './tasks/practicePair.ts';
import { compareAnatomies } from './tasks/compareAnatomies.ts';
import { measurePredictors } from './tasks/measurePredictors.ts';
import { measureRaw } from './tasks/measureRaw.ts';
import { prepare } from './tasks/prepare.ts';
import { sampleHead } from './tasks/sampleHead.ts';
import { suspect } from './tasks/suspect.ts';
import { assembleEvaluation, trainFinal, trainFold } from './tasks/train.ts';

answer({
  applyMask,
  benchmarkScan,
  exportImage,
  takeGiven,
  inspect,
  maskedHead,
  patterns,
  practicePair,
  prepare,
  deface,
  measure,
  measurePredictors,
  measureRaw,
  compareAnatomies,
  sampleHead,
  suspect,
  trainFold,
  assembleEvaluation,
  trainFinal,
});
