import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { createEngine, systemClock, type OpenEngine } from '../../../src-main/engine/engine.ts';
import { builtInTools } from '../../../src-main/tools/tools.ts';
import type { Pool } from '../../../src-main/workers/pool.ts';
import { writeTinyHeads } from '../../fixtures/tinyHeads.ts';

export const plantedName = 'Meier^Hans';

/** A gzip file with name and comment in its header. */
export function gzipWithName(bytes: Uint8Array, name: string): Buffer {
  const packed = gzipSync(bytes);
  const header = Buffer.from(packed.subarray(0, 10));
  header[3] |= 8 | 16;
  header.writeUInt32LE(1_600_000_000, 4);
  const text = Buffer.from(`${name}\0scan of ${name}\0`, 'latin1');
  return Buffer.concat([header, text, packed.subarray(10)]);
}

/** The image again with a name in every place a NIfTI-1 header has for text, and in an extension. */
export function withNames(nifti: Uint8Array, name: string): Buffer {
  const old = Buffer.from(nifti);
  const extension = Buffer.alloc(64);
  extension.writeInt32LE(64, 0);
  extension.writeInt32LE(6, 4);
  extension.write(`comment by ${name}`, 8, 'latin1');
  const header = Buffer.from(old.subarray(0, 352));
  for (const [at, size] of [[4, 10], [14, 18], [148, 80], [228, 24], [328, 16]]) header.write(name.slice(0, size), at, 'latin1'); // prettier-ignore
  header[348] = 1;
  header.writeFloatLE(352 + 64, 108);
  return Buffer.concat([header, extension, old.subarray(352), Buffer.from(`behind the voxels: ${name}`)]);
}

/** Three people as files: sub-01 with names everywhere, one named by the file name, and one without anything. */
export async function writePlantedHeads(folder: string): Promise<void> {
  await writeTinyHeads(folder, ['sub-01', 'sub-HansMeier', 'sub-03']);
  const first = join(folder, 'sub-01_T1w.nii.gz');
  await writeFile(first, gzipWithName(withNames(gunzipSync(await readFile(first)), plantedName), `${plantedName}.nii`)); // prettier-ignore
  await writeFile(
    join(folder, 'sub-01_T1w.json'),
    JSON.stringify({
      PatientName: plantedName,
      PatientID: '0041873',
      PatientBirthDate: '19310203',
      InstitutionName: 'Hospital of Nowhere',
      ManufacturersModelName: 'Hans Meier',
      ProtocolName: `t1 ${plantedName}`,
      ScanOptions: 'HANS_MEIER',
      Manufacturer: 'Siemens',
      EchoTime: 0.003,
    }),
  );
  await writeFile(
    join(folder, 'participants.tsv'),
    'participant_id\tage\tsex\tfamily_name\nsub-01\t93\tM\tMeier\nsub-HansMeier\t40\tM\tn/a\nsub-03\t41\tF\tn/a\n',
  );
}

export function openTestEngine(
  studyFolder: string,
  workers: Pool,
  validator: string | null,
): Promise<OpenEngine> {
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...(validator !== null && { DEFACEQA_BIDS_VALIDATOR: validator }),
  };
  return createEngine({
    studyFolder,
    tools: builtInTools,
    environment,
    workers,
    clock: systemClock,
    software: 'test',
  });
}

/** Labels as an import would leave them. */
export function giveLabels(studyFolder: string, labelOf: (tool: string, scan: string) => 0 | 1 | null): void {
  const db = new Database(join(studyFolder, 'study.sqlite'));
  try {
    db.exec(
      `INSERT INTO record (seq, at, kind, body, previous_hash, hash) SELECT coalesce(max(seq), 0) + 1, 't', 'test', '{}', '', 'test' || count(*) FROM record`,
    );
    const rows = db
      .prepare<[], { id: string; tool: string; name: string }>(
        'SELECT defacing.id, tool, scan.name FROM defacing JOIN scan ON scan.id = scan_id WHERE defacing.path IS NOT NULL',
      )
      .all();
    const put = db.prepare('INSERT OR REPLACE INTO imported_label SELECT ?, ?, ?, max(seq) FROM record');
    for (const { id, tool, name } of rows)
      for (const criterion of ['strict', 'lenient']) {
        const label = labelOf(tool, name);
        if (label !== null) put.run(id, criterion, label);
      }
  } finally {
    db.close();
  }
}

export const moveAside = async (path: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await rename(path, `${path}.aside`);
};
