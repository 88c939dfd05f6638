import { randomBytes } from "node:crypto";
import { UsageError } from "../model/errors";
import { placeIn, type TakenOver } from "../model/server-profile";
import { serverOf } from "../model/network";
import type { ServerSetup, ServerSoftware } from "../catalog/servers/definition";
import { imageOf, softwareNamed } from "../catalog/servers/registry";
import type { Engine } from "./engine";
import { writing } from "./ftp-server";
import type { UserFileCheck } from "./lab-port";
import type { LabSite, SiteSupplies } from "./lab-site";
import { makeLabels } from "./labels";
import { removeNode, startNode } from "./node-container";
import { NodeShell } from "./node-shell";
import { imagesOf } from "./site-images";

/** A configuration in the form that is checked: where a user's lines are in it, and how messages name their places. */
type Checked = {
  /** The user's own lines. */
  readonly text: string;
  readonly linesBefore: number;
  readonly changed: readonly TakenOver[];
  readonly placeOf: (line: number | null) => string;
};

function checkedOf(software: ServerSoftware, setup: ServerSetup): Checked | null {
  const { userConfig, directives = [], id } = setup.profile;
  if (software.userConfig === null) return null;
  if (userConfig !== undefined) {
    const placeOf = (line: number | null): string => placeIn(userConfig, line);
    return { ...software.userConfig.compose(setup), text: userConfig.text, placeOf };
  }
  if (directives.length === 0) return null;
  // They end the file, and a line feed follows.
  const linesBefore = software.files(setup)[0].text.split("\n").length - 1 - directives.length;
  return {
    text: directives.join("\n"),
    linesBefore,
    changed: [],
    placeOf: (line) => `${id}: ${line === null ? "its" : `line ${line} of its`} directives`,
  };
}

/** As `checkInContainer`, before there is anything else. */
export async function checkUserConfiguration(
  engine: Engine,
  check: UserFileCheck,
  notice: (text: string) => void,
): Promise<readonly TakenOver[]> {
  const { makeSiteCertificates } = await import("./site-certificates.ts");
  const images = await imagesOf(engine, [imageOf(check.profile)], notice);
  return checkInContainer({ engine, images, certificates: await makeSiteCertificates() }, check);
}

/** What a check needs of a site. */
type CheckSite = Pick<LabSite, "engine"> & { readonly images: Partial<LabSite["images"]> } & Pick<
    SiteSupplies,
    "certificates"
  >;

/**
 * Lets the server check a user's own configuration, or lines of it, in a container of its own, which is gone when this returns.
 * Gives the lines that the lab takes over: none where nothing is a user's, and then nothing is started.
 * @throws UsageError with the server's own message and the line in the user's file, LabError when the check could not be made.
 */
export async function checkInContainer(
  { engine, images, certificates }: CheckSite,
  { topology, profile }: UserFileCheck,
): Promise<readonly TakenOver[]> {
  const software = softwareNamed(profile.software);
  const setup = { topology, server: serverOf(topology), profile };
  const checked = checkedOf(software, setup);
  if (checked === null || software.userConfig === null) return [];
  const { certificate, privateKey } = software.paths;
  const name = `check-${randomBytes(4).toString("hex")}`;
  const node = await startNode(engine, {
    name: `ftp-nat-matrix-${name}`,
    image: images[imageOf(profile)] ?? "",
    labels: makeLabels({ run: name, role: "server" }),
    capabilities: software.capabilities,
    sysctls: {},
    hosts: [],
    panel: false,
  });
  const { text, linesBefore, changed, placeOf } = checked;
  let output: string;
  try {
    const shell = await NodeShell.open(engine, node.containerId, name);
    const files = [
      { path: certificate, text: certificates.certificate, mode: "644" },
      { path: privateKey, text: certificates.privateKey, mode: "600" },
      ...software.files(setup),
    ].flatMap((file) => writing(file));
    output = await shell.run("server", [...files, `(${software.userConfig.check.join("; ")}) 2>&1 || true`].join("\n"));
    shell.close();
  } finally {
    await removeNode(engine, node);
  }
  const complaint = software.userConfig.complaint(output, linesBefore, text);
  if (complaint === null) return changed;
  const place = placeOf(complaint.line);
  throw new UsageError(`${place}: ${software.name} refuses it: ${complaint.message}`, {
    code: "server-config",
    hint: software.userConfig.hint,
  });
}
