import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scanSeries, type SeriesScan } from '../../../src-main/dicom/scanSeries.ts';
import { chooseSeries, seriesCsv } from '../../../src-shared/domain/dicomSeries.ts';
import { describeWithShared, sharedPath } from '../../fixtures/shared.ts';

describeWithShared('DICOM series in zipped archives among other files', () => {
  let folder: string;
  let scan: SeriesScan;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dicom-'));
    scan = await scanSeries(sharedPath('data', 'heads'), {
      key: 'one study',
      unpackFolder: join(folder, 'zip'),
    });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are found and described before anything is converted', () => {
    expect(scan.problems).toEqual([]);
    expect(scan.otherFiles).toBeGreaterThan(10);
    const head = scan.found.find(({ series }) => series.files === 35)?.series;
    expect(head).toMatchObject({
      modality: 'T1w',
      description: 't1_fl2d_sag',
      repetitionTimeMs: 300,
      echoTimeMs: 2.46,
      fieldStrengthT: 3,
      manufacturer: 'SIEMENS',
      rows: 256,
      sliceSpacingMm: 4.8,
      ageYears: 51,
      sex: 'M',
      unusable: null,
    });
    const melon = scan.found.find(({ series }) => series.files === 196)?.series;
    expect(melon?.deidentificationCodes).toContain('113102');
    expect(melon?.ageYears).toBeNull();
  });

  it('carry no identity, and the key of another study gives other names', async () => {
    const text = JSON.stringify(scan.found.map(({ series }) => series));
    for (const identity of ['crlab', '19700606', 'Richland', 'Rorden', '1.3.12.2', 'FRUIT']) {
      expect(text).not.toContain(identity);
    }
    const other = await scanSeries(sharedPath('data', 'heads'), {
      key: 'another study',
      unpackFolder: join(folder, 'again'),
    });
    const persons = (found: SeriesScan): string[] => found.found.map(({ series }) => series.personKey);
    expect(new Set([...persons(scan), ...persons(other)]).size).toBe(4);
  });

  it('are chosen by filter or by hand', () => {
    const all = scan.found.map(({ series }) => series);
    expect(chooseSeries(all, { minSlices: 100 })).toHaveLength(1);
    expect(chooseSeries(all, { descriptionContains: 'FL2D' })).toHaveLength(1);
    expect(chooseSeries(all, { modalities: ['FLAIR'] })).toHaveLength(0);
    expect(chooseSeries(all, { maxSliceSpacingMm: 2 })).toHaveLength(1);
    expect(chooseSeries(all, { seriesKeys: [all[0].seriesKey] })).toEqual([all[0]]);
  });

  it('are passed over with a sentence when the archive is cut short', async () => {
    const whole = await readFile(sharedPath('data', 'heads', 'dicom_t1_2dsag_hfs.zip'));
    const cut = await mkdtemp(join(folder, 'cut-'));
    await writeFile(join(cut, 'cut.zip'), whole.subarray(0, whole.length >> 1));
    const result = await scanSeries(cut, { key: 'k', unpackFolder: join(folder, 'cutzip') });
    expect(result.problems.join()).toMatch(/damaged/);
  });
});

it('writes a table a spreadsheet can not execute', () => {
  const csv = seriesCsv([
    {
      seriesKey: 'a',
      personKey: 'b',
      visitKey: 'c',
      modality: 'T1w',
      description: '=HYPERLINK("x"),1',
      sequence: 'GR',
      repetitionTimeMs: 300,
      echoTimeMs: null,
      inversionTimeMs: null,
      fieldStrengthT: 3,
      manufacturer: 'M',
      model: '',
      rows: 1,
      columns: 1,
      pixelSpacingMm: 1,
      sliceSpacingMm: 1,
      files: 1,
      ageYears: null,
      sex: null,
      deidentificationCodes: ['113102'],
      unusable: null,
    },
  ]);
  expect(csv.split('\r\n')[1]).toBe(
    `a,b,c,T1w,"'=HYPERLINK(""x""),1",GR,300,n/a,n/a,3,M,,1,1,1,1,1,n/a,n/a,113102,n/a`,
  );
});
