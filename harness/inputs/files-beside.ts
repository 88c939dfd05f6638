/** Files that an input file names. */

/** The bytes of a file by its path from the input file's folder, or why there are none, in words that follow the path. */
export type FilesBeside = (path: string) => Uint8Array | { readonly problem: string };

/** What is known of an input file apart from its text. */
export type FileContext = {
  readonly beside?: FilesBeside | undefined;
  /** Left out: the id that its name gives. */
  readonly id?: string | undefined;
};

/** For input that is no file of its own: a part of a report, or text that was never on a disk. */
export const noFilesBeside: FilesBeside = () => ({
  problem: "cannot be read: only a file on disk can name other files",
});

/** Why a path may not be read, in words that follow it; `null` if it leads to a file in the same folder or below. */
export function wrongWithPath(path: string): string | null {
  const steps = path.split(/[\\/]/);
  const isInside = !/^([\\/]|[A-Za-z]:)/.test(path) && !steps.includes("..");
  return isInside ? null : "is not in the folder of this file; put it there, so that the folder can be moved";
}

/** `my-net/network.yaml`, `rules/router.v4` → `my-net/rules/router.v4`. */
export function besideOf(file: string, path: string): string {
  return file.replace(/[^\\/]*$/, path);
}
