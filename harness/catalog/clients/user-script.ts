import type { ReleaseImage } from "../../model/release-image";
import type { ClientDefinition } from "./definition";
import { readOwnOutput } from "./user-output";

/** Packages of npm's registry by name, each with its version. */
export type NpmPackages = Readonly<Record<string, string>>;

const recipe = "npm@";

/** What may stand in a script's `npm`: a package's name, and one version of it. */
export const packageName = /^(?:@[a-z0-9][a-z0-9._-]{0,60}\/)?[a-z0-9][a-z0-9._-]{0,80}$/;
export const packageVersion = /^\d{1,4}\.\d{1,4}\.\d{1,6}(?:-[A-Za-z0-9.-]{1,40})?$/;

/**
 * The client that a reporter's script with these packages is: `npm@basic-ftp=3.8.7,^icetee~ftp=0.3.15`. A cell's id has slashes and
 * an image's name one `@`, so a scope's `@` is `^` and its slash `~`.
 */
export function ownScriptId(packages: NpmPackages, node: string | null): string {
  const all = Object.entries(packages).map(
    ([name, version]) => `${name.replace("@", "^").replace("/", "~")}=${version}`,
  );
  return `${recipe}${all.length === 0 ? "none" : all.join(",")}${node === null ? "" : `+node@${node}`}`;
}

/** Whether a client id, or an image's name, is of a reporter's script. */
export function isOwnScript(id: string): boolean {
  return id.startsWith(recipe);
}

/** The packages that a script's image has. */
export function packagesIn(image: string): NpmPackages {
  const [written = ""] = image.slice(recipe.length).split("+");
  const all = written === "none" ? [] : written.split(",");
  return Object.fromEntries(
    all.map((one) => {
      const [name = "", version = ""] = one.split("=");
      return [name.replace("^", "@").replace("~", "/"), version];
    }),
  );
}

/** A reporter's script in the client's place, on the agent's Node; what it does is the reporter's matter. */
export function ownScript(id: string): ClientDefinition {
  const names = Object.entries(packagesIn(id)).map(([name, version]) => `${name} ${version}`);
  return {
    id,
    title: names.length === 0 ? "A script" : `A script with ${names.join(", ")} (npm)`,
    // Nobody knows, and nothing is predicted of it.
    defaults: { foreignAddress: "trust", resumeSession: true },
    options: {},
    program: {
      image: id as ReleaseImage,
      version: { argv: ["node", "--version"], pattern: /^v(\S+)/ },
      keepsPlace: true,
      isNodeScript: true,
      lacks: () => null,
      command: () => ({ argv: ["node", "--version"] }),
      read: readOwnOutput,
    },
    usage: () => null,
  };
}
