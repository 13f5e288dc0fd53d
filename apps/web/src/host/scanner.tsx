import { useEffect, useRef } from 'react';
import { RepeatGuard } from './repeat-guard.ts';

/** How often the camera's picture is scanned, in milliseconds. */
const LOOK_EVERY_MS = 120;

/** Reads tickets with the camera while it is rendered. `onRefused`: there is no camera, or it may not be used. */
export function Scanner(props: { onTicket: (ticket: string) => void; onRefused: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const heard = useRef(props);
  heard.current = props;

  useEffect(() => {
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout>;
    let here = true;
    const guard = new RepeatGuard();
    async function run() {
      const [detector, camera] = await Promise.all([
        openDetector(),
        navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }),
      ]);
      stream = camera;
      if (!here || !video.current) return stopCamera(camera);
      video.current.srcObject = camera;
      await video.current.play();
      // The button is within reach wherever the list was scrolled to.
      video.current.scrollIntoView({ block: 'center' });
      const look = async () => {
        const found = video.current ? await detector.detect(video.current).catch(() => []) : [];
        for (const { rawValue } of found) if (guard.isNew(rawValue, Date.now())) heard.current.onTicket(rawValue);
        if (here) timer = setTimeout(look, LOOK_EVERY_MS);
      };
      await look();
    }
    run().catch(() => {
      if (here) heard.current.onRefused();
    });
    return () => {
      here = false;
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

/** The browser's own reader, where it reads QR codes. */
async function nativeDetector(): Promise<NativeDetector | undefined> {
  const { BarcodeDetector: native } = window as { BarcodeDetector?: NativeDetector };
  return native && (await native.getSupportedFormats()).includes('qr_code') ? native : undefined;
}

/** Fetches the reader that `openDetector` will use, so that the service worker keeps it for a door without network. Never rejects. */
export async function keepReader(): Promise<void> {
  if (await nativeDetector().catch(() => undefined)) return;
  await Promise.all([import('barcode-detector/ponyfill'), readerFile().then((file) => fetch(file))]).catch(() => {});
}

async function readerFile(): Promise<string> {
  return (await import('zxing-wasm/reader/zxing_reader.wasm?url')).default;
}

/** The browser's own reader where it reads QR codes; else one in WebAssembly, served by us. */
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
