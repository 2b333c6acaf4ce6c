import { openStore } from '../../store/openStore.ts';
import { derivedOf } from '../../store/derived.ts';
import { verifyStudy } from '../../engine/verifyStudy.ts';
import { show, type OutputOptions } from './terminal.ts';

/** `verify`: only looks, so it also works while a job runs. */
export async function verifyCommand(studyFolder: string, options: OutputOptions): Promise<void> {
  const store = openStore(studyFolder, { readOnly: true, newStudyId: () => '' });
  try {
    const result = await verifyStudy(studyFolder, [...derivedOf(store).allOutputs()]);
    show(options, result, () =>
      [
        ...result.problems.map(({ path, problem }) => `${problem}: ${path}`),
        `${result.files} files, ${result.problems.length} of them not as recorded.`,
      ].join('\n'),
    );
    if (result.problems.length > 0) process.exitCode = 1;
  } finally {
    store.close();
  }
}
