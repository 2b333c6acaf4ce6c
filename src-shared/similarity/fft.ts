/** Complex numbers as two arrays; lengths equal. */
export interface ComplexArrays {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** A transform of one length, over `batch` signals side by side: element n of signal b lies at n * batch + b. */
export interface FftPlan {
  readonly length: number;
  /** In place, e^(-i...) and no division. */
  forward(data: ComplexArrays, batch: number): void;
}

const plans = new Map<number, FftPlan>();

/** The plan for any length from 1 on, made once. Powers of two by Stockham's method, other lengths by Bluestein's. */
export function fftPlan(length: number): FftPlan {
  let plan = plans.get(length);
  if (plan === undefined) {
    plan = (length & (length - 1)) === 0 ? powerOfTwoPlan(length) : bluesteinPlan(length);
    plans.set(length, plan);
  }
  return plan;
}

/** Radix 4 with one step of radix 2 where needed, self-sorting: Stockham 1966. */
function powerOfTwoPlan(length: number): FftPlan {
  const cos = new Float64Array(length);
  const sin = new Float64Array(length);
  for (let n = 0; n < length; n++) {
    cos[n] = Math.cos((2 * Math.PI * n) / length);
    sin[n] = -Math.sin((2 * Math.PI * n) / length);
  }
  let spareRe: Float64Array = new Float64Array(0);
  let spareIm: Float64Array = new Float64Array(0);
  return {
    length,
    forward({ re, im }, batch) {
      const size = length * batch;
      if (spareRe.length < size) {
        spareRe = new Float64Array(size);
        spareIm = new Float64Array(size);
      }
      let [xr, xi, yr, yi]: Float64Array[] = [re, im, spareRe, spareIm];
      let n = length;
      let stride = batch;
      while (n > 1) {
        if (n % 4 === 0) radix4(xr, xi, yr, yi, n, stride, cos, sin, length / n);
        else radix2(xr, xi, yr, yi, n, stride, cos, sin, length / n);
        const factor = n % 4 === 0 ? 4 : 2;
        n /= factor;
        stride *= factor;
        [xr, xi, yr, yi] = [yr, yi, xr, xi];
      }
      if (xr !== re) {
        re.set(size === xr.length ? xr : xr.subarray(0, size));
        im.set(size === xi.length ? xi : xi.subarray(0, size));
      }
    },
  };
}

// prettier-ignore
function radix4(
  xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array,
  n: number, s: number, cos: Float64Array, sin: Float64Array, twiddle: number,
): void {
  const quarter = n / 4;
  const step = s * quarter;
  for (let p = 0; p < quarter; p++) {
    const c1 = cos[p * twiddle], s1 = sin[p * twiddle];
    const c2 = cos[2 * p * twiddle], s2 = sin[2 * p * twiddle];
    const c3 = cos[3 * p * twiddle], s3 = sin[3 * p * twiddle];
    let to = 4 * s * p;
    for (let a = s * p, end = a + s; a < end; a++, to++) {
      const b = a + step, c = b + step, d = c + step;
      const acr = xr[a] + xr[c], aci = xi[a] + xi[c], amr = xr[a] - xr[c], ami = xi[a] - xi[c];
      const bdr = xr[b] + xr[d], bdi = xi[b] + xi[d], bmr = xr[b] - xr[d], bmi = xi[b] - xi[d];
      yr[to] = acr + bdr;
      yi[to] = aci + bdi;
      const r1 = amr + bmi, i1 = ami - bmr;
      yr[to + s] = r1 * c1 - i1 * s1;
      yi[to + s] = r1 * s1 + i1 * c1;
      const r2 = acr - bdr, i2 = aci - bdi;
      yr[to + 2 * s] = r2 * c2 - i2 * s2;
      yi[to + 2 * s] = r2 * s2 + i2 * c2;
      const r3 = amr - bmi, i3 = ami + bmr;
      yr[to + 3 * s] = r3 * c3 - i3 * s3;
      yi[to + 3 * s] = r3 * s3 + i3 * c3;
    }
  }
}

// prettier-ignore
function radix2(
  xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array,
  n: number, s: number, cos: Float64Array, sin: Float64Array, twiddle: number,
): void {
  const halfway = n / 2;
  for (let p = 0; p < halfway; p++) {
    const c = cos[p * twiddle], w = sin[p * twiddle];
    let to = 2 * s * p;
    for (let a = s * p, end = a + s; a < end; a++, to++) {
      const b = a + s * halfway;
      const dr = xr[a] - xr[b], di = xi[a] - xi[b];
      yr[to] = xr[a] + xr[b];
      yi[to] = xi[a] + xi[b];
      yr[to + s] = dr * c - di * w;
      yi[to + s] = dr * w + di * c;
    }
  }
}

/** Any length as a convolution with a chirp: Bluestein 1970. */
function bluesteinPlan(length: number): FftPlan {
  let padded = 1;
  while (padded < 2 * length - 1) padded *= 2;
  const inner = fftPlan(padded);
  const cos = new Float64Array(length);
  const sin = new Float64Array(length);
  const chirp = { re: new Float64Array(padded), im: new Float64Array(padded) };
  for (let n = 0; n < length; n++) {
    // n squared modulo twice the length keeps the angle exact.
    const angle = (Math.PI * ((n * n) % (2 * length))) / length;
    cos[n] = Math.cos(angle);
    sin[n] = Math.sin(angle);
    chirp.re[n] = chirp.re[(padded - n) % padded] = cos[n];
    chirp.im[n] = chirp.im[(padded - n) % padded] = sin[n];
  }
  inner.forward(chirp, 1);
  let work: ComplexArrays = { re: new Float64Array(0), im: new Float64Array(0) };
  return {
    length,
    forward({ re, im }, batch) {
      const size = padded * batch;
      if (work.re.length !== size) work = { re: new Float64Array(size), im: new Float64Array(size) };
      const { re: wr, im: wi } = work;
      wr.fill(0, length * batch);
      wi.fill(0, length * batch);
      for (let n = 0, at = 0; n < length; n++) {
        const c = cos[n];
        const s = sin[n];
        for (let b = 0; b < batch; b++, at++) {
          wr[at] = re[at] * c + im[at] * s;
          wi[at] = im[at] * c - re[at] * s;
        }
      }
      inner.forward(work, batch);
      // The inverse by the forward transform of the conjugate.
      for (let n = 0, at = 0; n < padded; n++) {
        const c = chirp.re[n];
        const s = chirp.im[n];
        for (let b = 0; b < batch; b++, at++) {
          const r = wr[at] * c - wi[at] * s;
          wi[at] = -(wr[at] * s + wi[at] * c);
          wr[at] = r;
        }
      }
      inner.forward(work, batch);
      for (let n = 0, at = 0; n < length; n++) {
        const c = cos[n] / padded;
        const s = sin[n] / padded;
        for (let b = 0; b < batch; b++, at++) {
          re[at] = wr[at] * c - wi[at] * s;
          im[at] = -wi[at] * c - wr[at] * s;
        }
      }
    },
  };
}
