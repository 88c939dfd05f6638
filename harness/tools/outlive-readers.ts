/**
 * Whoever reads the output may leave before its end (`list | head -1`). What is still printed goes nowhere then; a run goes on,
 * writes its report and cleans up after itself.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
