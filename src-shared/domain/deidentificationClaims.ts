/** Codes and words of de-identification in a sidecar: what someone says was done, not proof that it was. */
export function deidentificationClaims(sidecar: Readonly<Record<string, unknown>> | null): string[] {
  const { DeidentificationMethodCodeSequence: codes, DeidentificationMethod: words } = sidecar ?? {};
  const values: unknown[] = Array.isArray(codes)
    ? codes.map((code: { CodeValue?: unknown }) => code.CodeValue)
    : [];
  return [...values, ...(Array.isArray(words) ? (words as unknown[]) : [words])].filter(
    (claim): claim is string => typeof claim === 'string',
  );
}
