import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** esbuild's options for a program of this machine, whose packages stay in node_modules. */
export const programOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  packages: "external",
  // What a command loads when it needs it is required like all else.
  supported: { "dynamic-import": false },
  // Each start reads the text. Names are kept, and source maps tell where an error came from.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: "error",
};

/** esbuild, or null where the packages are not installed, of which this tells. */
export async function loadEsbuild() {
  try {
    return await import("esbuild");
  } catch {
    console.error("error: The packages are not installed.\n  → Run `npm run setup`.");
    return null;
  }
}
