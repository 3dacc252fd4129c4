/** Resolves when the last seek of an element has its picture, or none will come. */
export async function settled(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  if (!video.seeking) return;
  const over = new AbortController();
  await new Promise<void>((resolve) => {
    const once = { once: true, signal: over.signal };
    for (const name of ["seeked", "error", "emptied"] as const)
      video.addEventListener(name, () => resolve(), once);
    signal.addEventListener("abort", () => resolve(), once);
  });
  over.abort();
}
