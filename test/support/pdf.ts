import { inflateSync } from 'node:zlib';

/** The streams of a PDF, inflated. */
export function streamsOfPdf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/\/Filter \/FlateDecode\r?\n>>\r?\nstream\r?\n/g)].map(({ index, 0: head }) => {
    const start = index + head.length;
    return inflateSync(pdf.subarray(start, pdf.indexOf('endstream', start))).toString('latin1');
  });
}

/** The characters that a PDF shows, decoded with the maps of its embedded fonts. */
export function charactersOfPdf(pdf: Buffer): Set<string> {
  const maps = streamsOfPdf(pdf).filter((stream) => stream.includes('begincmap'));
  const codes = maps.flatMap((map) => [...map.slice(map.indexOf('beginbf')).matchAll(/<([0-9a-f]{4,})>/g)]);
  return new Set(
    codes.flatMap(([, hex = '']) =>
      (hex.match(/.{4}/g) ?? []).map((code) => String.fromCharCode(Number.parseInt(code, 16))),
    ),
  );
}
