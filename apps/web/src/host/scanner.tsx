import { useEffect, useRef } from 'react';
import { RepeatGuard } from './repeat-guard.ts';

/** How often the camera's picture is scanned, in milliseconds. */
const SCAN_EVERY_MS = 120;

/** Reads tickets with the camera while it is rendered. `onRefused`: there is no camera, or the page may not use it. */
export function Scanner(props: { onTicket: (ticket: string) => void; onRefused: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout>;
    let isMounted = true;
    const guard = new RepeatGuard();
    async function run() {
      const [detector, camera] = await Promise.all([
        openDetector(),
        navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }),
      ]);
      stream = camera;
      if (!isMounted || !video.current) return stopCamera(camera);
      video.current.srcObject = camera;
      await video.current.play();
      // The person may have scrolled down the list before they pressed the button.
      video.current.scrollIntoView({ block: 'center' });
      const scanPicture = async () => {
        const found = video.current ? await detector.detect(video.current).catch(() => []) : [];
        for (const { rawValue } of found) if (guard.isNew(rawValue, Date.now())) latest.current.onTicket(rawValue);
        if (isMounted) timer = setTimeout(scanPicture, SCAN_EVERY_MS);
      };
      await scanPicture();
    }
    run().catch(() => {
      if (isMounted) latest.current.onRefused();
    });
    return () => {
      isMounted = false;
      clearTimeout(timer);
      if (stream) stopCamera(stream);
    };
  }, []);

  return <video ref={video} className="scanner" playsInline muted />;
}

function stopCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

type NativeDetector = { new (options: object): Detector; getSupportedFormats(): Promise<string[]> };

/** Returns the browser's own reader; undefined if there is none, or if it does not read QR codes. */
async function nativeDetector(): Promise<NativeDetector | undefined> {
  const { BarcodeDetector: native } = window as { BarcodeDetector?: NativeDetector };
  return native && (await native.getSupportedFormats()).includes('qr_code') ? native : undefined;
}

/** Fetches the files of the reader that `openDetector` will use, so that the service worker stores them for a door without network. Never rejects. */
export async function preloadReader(): Promise<void> {
  if (await nativeDetector().catch(() => undefined)) return;
  await Promise.all([import('barcode-detector/ponyfill'), readerFile().then((file) => fetch(file))]).catch(() => {});
}

async function readerFile(): Promise<string> {
  return (await import('zxing-wasm/reader/zxing_reader.wasm?url')).default;
}

/** Opens the browser's own reader; if there is none, the one in WebAssembly, which our server delivers. */
async function openDetector(): Promise<Detector> {
  const native = await nativeDetector();
  if (native) return new native({ formats: ['qr_code'] });
  const [{ BarcodeDetector, prepareZXingModule }, wasm] = await Promise.all([
    import('barcode-detector/ponyfill'),
    readerFile(),
  ]);
  prepareZXingModule({ overrides: { locateFile: (file: string) => (file.endsWith('.wasm') ? wasm : file) } });
  return new BarcodeDetector({ formats: ['qr_code'] });
}
