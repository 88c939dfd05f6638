/** The options by which `run` and `list` choose cells. */
import { Command, Option } from "@commander-js/extra-typings";
import { dataCommands, modes, operations, type Axis } from "../model/axes";

/** How the command line chooses cells. */
export type CellChoice = {
  /** Scenario files, folders of own networks, and cell ids or patterns of cell ids. */
  readonly sources: readonly string[];
  /** Patterns by axis; an axis left out is not narrowed. */
  readonly facets: Readonly<Partial<Record<Axis, readonly string[] | undefined>>>;
  readonly grep: string | undefined;
  readonly lastFailed: boolean;
  /** Files or folders of own networks that cells may be of, beside those that sources and facets name. */
  readonly networks: readonly string[];
  /** The words that may be meant if a source is unknown. */
  readonly commandNames: readonly string[];
};

/** The choice that names cells, or patterns of them, and nothing else. */
export function namedCells(sources: readonly string[], networks: readonly string[] = []): CellChoice {
  return { sources, facets: {}, grep: undefined, lastFailed: false, networks, commandNames: [] };
}

const cellGroup = "Cells, by id (repeatable or comma-separated, * matches, a leading ! excludes):";

const facetHelp: Readonly<Record<Axis, string>> = {
  topology:
    "networks, such as server-nat*; office@lan is one position of several; +id adds a condition; a topology file of your own, such as ./my-net.yaml",
  server: "server profiles, such as tls-required",
  client: "clients, such as curl or basic-ftp+no-resume",
  mode: modes.join(", "),
  data: dataCommands.join(", "),
  operation: operations.join(", "),
};

/** A command that takes sources, facets and filters, for {@link choiceOf}. */
export function cellsCommand(name: string) {
  return new Command(name)
    .argument(
      "[sources...]",
      "scenario files (*.yaml), folders that import wrote, or cell ids; nothing means the core matrix",
    )
    .addOption(facet("topology"))
    .addOption(facet("server"))
    .addOption(facet("client"))
    .addOption(facet("mode"))
    .addOption(facet("data"))
    .addOption(facet("operation"))
    .addOption(new Option("-g, --grep <regexp>", "only cells whose id matches").helpGroup(cellGroup))
    .addOption(
      new Option("--last-failed", "only cells that were not as expected in the last run").helpGroup(cellGroup),
    );
}

function facet<A extends Axis>(axis: A) {
  return new Option(`--${axis} <ids>`, facetHelp[axis]).argParser(collectIds).helpGroup(cellGroup);
}

function collectIds(value: string, previous: readonly string[] | undefined): readonly string[] | undefined {
  return [...(previous ?? []), ...value.split(",").filter((word) => word !== "")];
}

type ChoiceOptions = ReturnType<ReturnType<typeof cellsCommand>["opts"]>;

/** The chosen cells, from the parsed options of a {@link cellsCommand}. */
export function choiceOf(
  sources: readonly string[],
  options: ChoiceOptions,
  commandNames: readonly string[],
): CellChoice {
  const { topology, server, client, mode, data, operation, grep, lastFailed = false } = options;
  return {
    sources,
    facets: { topology, server, client, mode, data, operation },
    grep,
    lastFailed,
    networks: [],
    commandNames,
  };
}
