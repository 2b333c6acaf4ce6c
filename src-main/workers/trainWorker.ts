import { answer } from './answer.ts';
import { trainFinal, trainFold } from './trainTasks.ts';

answer({ trainFold, trainFinal });
