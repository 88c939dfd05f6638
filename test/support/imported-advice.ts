import { advise } from "../../harness/diagnose/advise/advise";
import { parseServerProfile } from "../../harness/inputs/server-file";
import { parseViews } from "../../harness/inputs/topology-file";
import type { AdvisedParty } from "../../harness/model/advice";
import { positionIn } from "../../harness/model/positions";
import type { Topology } from "../../harness/model/topology";
import { fileOf, importTexts } from "./import-files";

/** The network that `import` makes of files, from each of its positions, and advice on FTPS in it. */
export function advisedOn(
  texts: Readonly<Record<string, string>>,
  { may = ["server", "router"], at }: { readonly may?: readonly AdvisedParty[]; readonly at?: string } = {},
): ReturnType<typeof advise> & { readonly views: readonly Topology[] } {
  const own = importTexts(texts);
  const beside = (path: string): Buffer => Buffer.from(fileOf(own, path));
  const views = parseViews({ file: "network.yaml", text: fileOf(own, "network.yaml") }, { beside });
  const server = parseServerProfile({ file: "network-server.yaml", text: fileOf(own, "server.yaml") }, { beside });
  const chosen = views.filter(({ id }) => at === undefined || positionIn(id) === at);
  const needs = chosen.map(({ id }) => {
    const position = positionIn(id);
    return {
      client: "basic-ftp",
      mode: "ftps",
      data: "epsv",
      operation: "list",
      ...(position === null ? {} : { position }),
    } as const;
  });
  return { ...advise({ views, server, needs, may }), views };
}
