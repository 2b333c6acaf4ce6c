import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../../src-main/dicom/conversionOutcome.ts';
import { wasmConverter, type Conversion, type Converter } from '../../../src-main/dicom/converter.ts';
import { convertSeries, type SeriesResult } from '../../../src-main/dicom/convertSeries.ts';
import { addParticipant } from '../../../src-main/dicom/importTables.ts';
import { findDcm2niix, nativeConverter } from '../../../src-main/dicom/nativeConverter.ts';
import { scanSeries, type FoundSeries } from '../../../src-main/dicom/scanSeries.ts';
import { listCandidates } from '../../../src-main/files/listCandidates.ts';
import { readVolume } from '../../../src-main/files/readVolume.ts';
import { identify } from '../../../src-shared/domain/scanIdentity.ts';
import { scrubSidecar } from '../../../src-shared/domain/sidecar.ts';
import { affineOf } from '../../../src-shared/volume/affine.ts';
import { encodeNifti } from '../../../src-shared/volume/writeNifti.ts';
import { describeIf, hasShared, sharedPath } from '../../fixtures/shared.ts';

/** Everything in the test archive that names a person, a place, a device or a time. */
const identities = /crlab|19700606|Richland|Rorden|67060|MRC35131|15:0|Columbia|1\.3\.12|Time=/;

const native = await findDcm2niix(process.env);

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** Names and contents, images unpacked. */
async function everythingIn(folder: string): Promise<string> {
  const parts: string[] = [];
  for (const path of await filesBelow(folder)) {
    const bytes = await readFile(path);
    parts.push(
      path.slice(folder.length),
      (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1'),
    );
  }
  return parts.join('\n');
}

describeIf(hasShared, 'the reference data folder ../shared is not here', 'real DICOM series', () => {
  let folder: string;
  let found: readonly FoundSeries[];
  let head: FoundSeries;
  const reference = sharedPath('data', 'heads', 't1_2dsag_hfs.nii.gz');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convert-'));
    const source = join(folder, 'source');
    await mkdir(source);
    for (const name of ['dicom_t1_2dsag_hfs.zip', 'dicom_melon_refaced_tags.zip']) {
      await writeFile(join(source, name), await readFile(sharedPath('data', 'heads', name)));
    }
    ({ found } = await scanSeries(source, { key: 'one study', unpackFolder: join(folder, 'zip') }));
    const it = found.find(({ series }) => series.files === 35);
    if (it === undefined) throw new Error('the head is not among the series');
    head = it;
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function convertsTheHead(converter: Converter, name: string): Promise<void> {
    const outFolder = join(folder, name);
    const [result] = await convertSeries([head], { outFolder, converter });
    const { personKey, visitKey } = head.series;
    const image = `sub-${personKey}/ses-${visitKey}/anat/sub-${personKey}_ses-${visitKey}_run-1_T1w.nii.gz`;
    expect(result).toMatchObject({ outcome: 'done', reason: '', images: [image], refused: [] });
    const [made, expected] = [await readVolume(join(outFolder, image)), await readVolume(reference)];
    expect(made.shape).toEqual(expected.shape);
    expect(made.values).toEqual(expected.values);
    expect([...made.affine].map((v) => v.toFixed(3))).toEqual([...expected.affine].map((v) => v.toFixed(3)));
    expect(await everythingIn(outFolder)).not.toMatch(identities);
    const sidecar: unknown = JSON.parse(
      await readFile(join(outFolder, image.replace('.nii.gz', '.json')), 'utf8'),
    );
    expect(sidecar).toMatchObject({ EchoTime: 0.00246, RepetitionTime: 0.3, MagneticFieldStrength: 3 });
    expect(await readFile(join(outFolder, 'participants.tsv'), 'utf8')).toBe(
      `participant_id\tage\tsex\nsub-${personKey}\t51\tM\n`,
    );
    expect(existsSync(join(outFolder, '.work'))).toBe(false);
    const names = (await Array.fromAsync(listCandidates(outFolder))).map(({ relativePath }) => relativePath);
    expect(names).toEqual([image]);
    expect(identify(image)).toMatchObject({ person: personKey, session: visitKey, modality: 'T1w' });
  }

  it('become scrubbed images without the native program', async () => {
    await convertsTheHead(wasmConverter, 'wasm');
  });

  describeIf(native !== null, 'dcm2niix is not installed', 'with the native program', () => {
    const program = (): Converter => {
      if (native === null) throw new Error('no dcm2niix');
      return nativeConverter(native, process.env);
    };

    it('become the same scrubbed images', async () => {
      expect(program().id).toMatch(/^dcm2niix v1\.0\.\d{8}/);
      await convertsTheHead(program(), 'native');
    });

    it('are converted once: the same again starts no converter and changes no file', async () => {
      const outFolder = join(folder, 'twice');
      await convertSeries(found, { outFolder, converter: program() });
      const before = await everythingIn(outFolder);
      const never: Converter = {
        ...wasmConverter,
        convert: () => Promise.reject(new Error('started again')),
      };
      const again = await convertSeries(found, { outFolder, converter: never });
      expect(again.map(({ outcome }) => outcome)).toEqual(['kept', 'kept']);
      expect(await everythingIn(outFolder)).toBe(before);
      await rm(join(outFolder, again[0].images[0]));
      const mended = await convertSeries(found, { outFolder, converter: program() });
      expect(mended.map(({ outcome }) => outcome)).toEqual(['done', 'kept']);
      expect(mended[0].images).toEqual(again[0].images);
      expect(await everythingIn(outFolder)).toBe(before);
    });

    it('that are damaged fail by name and the rest goes on', async () => {
      const copies = join(folder, 'damaged');
      await mkdir(copies);
      const paths: string[] = [];
      for (const [n, path] of head.paths.entries()) {
        const copy = join(copies, String(n));
        await writeFile(copy, await readFile(path));
        if (n < 5) await truncate(copy, 20_000);
        paths.push(copy);
      }
      const outFolder = join(folder, 'rest');
      const damaged = { series: { ...head.series, seriesKey: 'damaged' }, paths };
      const gone = { series: { ...head.series, seriesKey: 'gone' }, paths: [join(copies, 'nowhere')] };
      const results = await convertSeries([damaged, gone, head], { outFolder, converter: program() });
      expect(results.map(({ outcome }) => outcome)).toEqual(['slices-missing', 'files-unreadable', 'done']);
      expect(results[0].reason).toMatch(/[Cc]opy it again/);
      expect((await filesBelow(outFolder)).filter((path) => path.endsWith('.nii.gz'))).toHaveLength(1);
    });

    it('that hold every file twice are converted as if once', async () => {
      const twice = {
        series: { ...head.series, files: 2 * head.series.files },
        paths: [...head.paths, ...head.paths],
      };
      const results = await convertSeries([twice], {
        outFolder: join(folder, 'pairs'),
        converter: program(),
      });
      expect(results[0].outcome).toBe('done');
    });

    it('leave nothing half-written when cancelled, at whatever point', async () => {
      for (const afterMs of [0, 5, 20, 60, 120, 200]) {
        const outFolder = join(folder, `cancel-${afterMs}`);
        const stop = new AbortController();
        const running = convertSeries([head], { outFolder, converter: program(), signal: stop.signal }).catch(
          (error: unknown) => error,
        );
        setTimeout(() => {
          stop.abort();
        }, afterMs);
        await running;
        for (const path of await filesBelow(outFolder)) {
          expect(path).not.toMatch(/\.part$|\.work|\.dcm$/);
          if (path.endsWith('.nii.gz')) expect((await readVolume(path)).shape).toEqual([256, 256, 35]);
        }
      }
    });
  });
});

describe('a converter', () => {
  const series = {
    seriesKey: 'c0',
    personKey: 'a0',
    visitKey: 'b0',
    modality: 'unknown' as const,
    description: 'Hans Mueller',
    sequence: 'GR',
    repetitionTimeMs: null,
    echoTimeMs: null,
    inversionTimeMs: null,
    fieldStrengthT: null,
    manufacturer: '',
    model: '',
    rows: null,
    columns: null,
    pixelSpacingMm: null,
    sliceSpacingMm: null,
    files: 1,
    ageYears: 93,
    sex: null,
    deidentificationCodes: ['113102'],
    unusable: null,
  };

  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convert-'));
    await writeFile(join(folder, '1'), 'a file');
    await writeFile(join(folder, '2'), 'a file');
    await writeFile(join(folder, '3'), 'another file');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const cube = (depth: number): Uint8Array =>
    encodeNifti({
      shape: [12, 12, depth],
      affine: affineOf([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]),
      values: new Float32Array(144 * depth).fill(1),
    });
  /** The same bytes seen as volumes of 12 slices. */
  const several = (volumes: number): Uint8Array => {
    const bytes = cube(12 * volumes);
    const view = new DataView(bytes.buffer);
    view.setInt16(40, 4, true);
    view.setInt16(46, 12, true);
    view.setInt16(48, volumes, true);
    return bytes;
  };
  const writes = (files: Readonly<Record<string, Uint8Array | string>>, exitCode = 0): Converter => ({
    id: 'stand-in',
    largestBytes: 1000,
    convert: async ({ outFolder }: Conversion) => {
      for (const [name, bytes] of Object.entries(files)) await writeFile(join(outFolder, name), bytes);
      return { ended: 'exited', exitCode };
    },
  });
  let runs = 0;
  const convert = async (
    converter: Converter,
    outFolder = join(folder, `out-${runs++}`),
  ): Promise<SeriesResult & { outFolder: string }> => {
    const [result] = await convertSeries([{ series, paths: [join(folder, '1')] }], { outFolder, converter });
    return { ...result, outFolder };
  };

  it('that ends with 0 and wrote nothing has failed', async () => {
    expect((await convert(writes({}))).outcome).toBe('output-missing');
  });

  it.each([
    [1, 'converter-failed'],
    [2, 'no-dicom'],
    [4, 'series-corrupt'],
    [8, 'partly-converted'],
    [10, 'volumes-incomplete'],
  ])('that ends with %i is %s, whatever it wrote', async (exitCode, outcome) => {
    const result = await convert(writes({ 'series.nii': cube(20) }, exitCode));
    expect(result).toMatchObject({ outcome, images: [] });
    expect(result.reason).not.toBe('');
    expect((await filesBelow(result.outFolder)).map((path) => path.slice(-10))).toEqual(['series.tsv']);
  });

  it('that is killed, hangs or is not there is told apart', () => {
    for (const ended of ['killed', 'timed-out'] as const) {
      expect(failureOf({ ended, exitCode: null })).toBe(ended);
    }
    expect(failureOf({ ended: 'not-found', exitCode: null })).toBe('converter-missing');
  });

  it('that throws is a named failure', async () => {
    const broken = { ...writes({}), convert: () => Promise.reject(new Error('out of memory')) };
    expect((await convert(broken)).outcome).toBe('converter-failed');
  });

  it('is not given more than it can hold', async () => {
    expect((await convert({ ...writes({ 'series.nii': cube(20) }), largestBytes: 3 })).outcome).toBe(
      'series-too-large',
    );
  });

  it('may write many files: every head becomes an image, every other one a sentence', async () => {
    const result = await convert(
      writes({
        'series_e1.nii': cube(20),
        'series_e1.json': JSON.stringify({ EchoTime: 0.01, PatientName: 'Hans' }),
        'series_e2.nii': cube(20),
        'series_e2_ph.nii': cube(20),
        'series_ROI1.nii': cube(20),
        'series_i00001.nii': cube(3),
        'seriesa.nii': several(5),
        'seriesb.nii': 'no image at all',
        'seriesc.nii': cube(30),
        'seriesc_Eq_1.nii': cube(40),
      }),
    );
    expect(result.outcome).toBe('done');
    expect(result.images.map((image) => image.split('/').at(-1))).toEqual(
      [1, 2, 3].map((run) => `sub-a0_ses-b0_run-${run}_MR.nii.gz`),
    );
    expect(result.refused.toSorted()).toEqual([
      'A phase image: it shows no anatomy by brightness.',
      'A series of 5 volumes, not one head.',
      'An overlay drawn on the scan, not the scan.',
      'Only 3 slices: too few for a head.',
      'Slices unevenly spaced; the evenly resampled image is taken instead.',
      expect.stringMatching(/NIfTI/),
    ]);
    expect((await readVolume(join(result.outFolder, result.images[2]))).shape).toEqual([12, 12, 40]);
    const first = await readFile(
      join(result.outFolder, result.images[0].replace('.nii.gz', '.json')),
      'utf8',
    );
    expect(JSON.parse(first)).toEqual({
      EchoTime: 0.01,
      DeidentificationMethodCodeSequence: [{ CodeValue: '113102' }],
    });
    expect(await everythingIn(result.outFolder)).not.toMatch(/Hans|Mueller/);
    expect(await readFile(join(result.outFolder, 'participants.tsv'), 'utf8')).toMatch(/sub-a0\t89\+\tn\/a/);
  });

  it('whose whole output is no head says so', async () => {
    expect(await convert(writes({ 'series_i00001.nii': cube(2) }))).toMatchObject({
      outcome: 'no-head-volume',
      refused: ['Only 2 slices: too few for a head.'],
    });
  });

  it('meets a series with new files: its images are replaced under their names, others keep theirs', async () => {
    const outFolder = join(folder, 'grown');
    const converter = writes({ 'series.nii': cube(20), 'seriesa.nii': cube(21) });
    const go = (key: string, files: string[], by: Converter): Promise<readonly SeriesResult[]> =>
      convertSeries(
        [{ series: { ...series, seriesKey: key }, paths: files.map((name) => join(folder, name)) }],
        { outFolder, converter: by },
      );
    const [first] = await go('c0', ['1'], converter);
    const [other] = await go('c1', ['3'], writes({ 'series.nii': cube(22) }));
    expect(other.images[0]).toMatch(/run-3_MR/);
    expect((await go('c0', ['2'], converter))[0].outcome).toBe('kept');
    const [again] = await go('c0', ['1', '3'], writes({ 'series.nii': cube(25) }));
    expect(again).toMatchObject({ outcome: 'done', images: [first.images[0]] });
    expect((await readVolume(join(outFolder, first.images[0]))).shape[2]).toBe(25);
    const images = (await filesBelow(outFolder)).filter((path) => path.endsWith('.nii.gz'));
    expect(images).toHaveLength(2);
    const [failed] = await go('c0', ['1'], writes({}));
    expect(failed.outcome).toBe('output-missing');
    expect((await filesBelow(outFolder)).filter((path) => path.endsWith('.nii.gz'))).toEqual(images);
  });

  it('finds a work folder cleared of what a killed run left', async () => {
    const outFolder = join(folder, 'killed');
    await mkdir(join(outFolder, '.work', 'series', 'in'), { recursive: true });
    await writeFile(join(outFolder, '.work', 'series', 'in', '000001.dcm'), 'Hans Mueller');
    await convert(writes({ 'series.nii': cube(20) }), outFolder);
    expect(await everythingIn(outFolder)).not.toContain('Hans');
  });

  it('keeps what is known of a person when a later visit says less', async () => {
    const outFolder = join(folder, 'people');
    const parts = join(outFolder, '.parts');
    for (const facts of [
      { ageYears: 40, sex: null },
      { ageYears: null, sex: 'F' as const },
      { ageYears: 88, sex: 'M' as const },
    ]) {
      await addParticipant(outFolder, { personKey: 'aa', ...facts }, parts);
    }
    expect(await readFile(join(outFolder, 'participants.tsv'), 'utf8')).toMatch(/sub-aa\t40\tF\n$/);
  });
});

it('keeps a claim of de-identification as codes without their free text', () => {
  expect(
    scrubSidecar({
      DeidentificationMethodCodeSequence: [
        { CodeValue: '113102', CodeMeaning: 'by Hans Mueller' },
        { CodeValue: 'Hans Mueller of Bonn' },
        'text',
      ],
    }),
  ).toEqual({ DeidentificationMethodCodeSequence: [{ CodeValue: '113102' }] });
});
