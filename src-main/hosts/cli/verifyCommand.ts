import { openStore } from '../../store/openStore.ts';
import { derivedOf } from '../../store/derived.ts';
import { verifyRecords } from '../../engine/verifyRecords.ts';
import { verifyStudy } from '../../engine/verifyStudy.ts';
import { show, type OutputOptions } from './terminal.ts';

/** `verify`: only looks, so it also works while a job runs. */
export async function verifyCommand(
  studyFolder: string,
  options: OutputOptions & { seal?: string },
): Promise<void> {
  const store = openStore(studyFolder, { readOnly: true, newStudyId: () => '' });
  try {
    const files = await verifyStudy(studyFolder, [...derivedOf(store).allOutputs()]);
    const result = { ...files, records: verifyRecords(store, { seal: options.seal ?? null }) };
    show(options, result, () =>
      [
        ...result.problems.map(({ path, problem }) => `${problem}: ${path}`),
        ...result.records.problems.map(({ seq, problem }) => `record ${seq ?? '-'}: ${problem}`),
        `${result.files} files, ${result.problems.length} of them not as recorded.`,
        `${result.records.entries} records, ${result.records.problems.length} problems.`,
        ...(result.records.seal === null ? [] : [`Seal: ${result.records.seal}`]),
      ].join('\n'),
    );
    if (result.problems.length + result.records.problems.length > 0) process.exitCode = 1;
  } finally {
    store.close();
  }
}
