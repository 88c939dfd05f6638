import { existsSync } from "node:fs";
import { Command, Option } from "@commander-js/extra-typings";
import { advise } from "../../diagnose/advise/advise";
import { passiveCommandOf } from "../../diagnose/advise/default-data";
import { resolveClient } from "../../catalog/clients/registry";
import { connectEngine } from "../../lab/engine";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import { advisedParties, type Advice, type AdvisedParty, type Need } from "../../model/advice";
import { dataCommands, modes, operations, type DataCommand, type Mode, type Operation } from "../../model/axes";
import { exitCodes, UsageError } from "../../model/errors";
import { networkIdOf, positionIn } from "../../model/positions";
import type { ServerProfile } from "../../model/server-profile";
import type { Topology } from "../../model/topology";
import { didYouMean } from "../../text/nearest";
import { adviceVersion } from "../../../reports/advice-schema";
import { adviceText } from "../advice-text";
import { checkUserFiles, setupOf } from "../cell-setup";
import type { DeclareCommand } from "../command";
import { proveAdvice } from "../prove-advice";
import { repeatable } from "../repeatable";
import { selectCells, type Selection } from "../select-cells";
import { interruptible } from "../signals";
import { mapOption, routerRulesOption, serverConfigOption, type UserFiles } from "../user-files";

const help = `
Examples:
  npm run matrix -- advise --topology server-nat-helper --need ftps --may server
  npm run matrix -- advise --topology server-nat --need ftp:lftp,ftps:curl
  npm run matrix -- advise --topology office --need ftps@internet,ftps@lan
  npm run matrix -- advise --topology server-nat --router-rules my.v4 --no-prove`;

export const command: DeclareCommand = ({ finish }) =>
  new Command("advise")
    .summary("find the fewest changes that let everybody in")
    .description(
      "find the fewest changes that make all needed sessions work, and prove them in the lab; prints what to paste, " +
        "what it opens to strangers, and what it breaks",
    )
    .argument("[network]", "a network's id, its file, or a folder with a network of your own")
    .option("--topology <id>", "the same")
    .option("--server <id>", "the server profile; left out: the network's own, else tls-optional")
    .addOption(
      repeatable(
        "--need <mode[@position][:client]>",
        "a session that has to work, such as ftps:curl or ftps@lan (without a position: at every position); " +
          "repeatable; left out: ftp and ftps",
      ),
    )
    .option("--client <id>", "the client of needs that do not name one", "basic-ftp")
    .addOption(new Option("--operation <operation>", "what the sessions do").choices(operations).default("list"))
    .addOption(
      new Option("--data <command>", "the data command; left out: the client's own passive command").choices(
        dataCommands,
      ),
    )
    .option("--may <parties>", `who can change something, of ${advisedParties.join(", ")}`, "server,router")
    .option("--no-prove", "only predict, and start nothing")
    .option("--json", "print JSON, for machines (advice.schema.json)")
    .addOption(routerRulesOption)
    .addOption(mapOption)
    .addOption(serverConfigOption)
    .addHelpText("after", help)
    .action(async (network, options) => {
      finish(await runAdvise({ ...options, network: network ?? options.topology }));
    });

type AdviseOptions = UserFiles & {
  readonly network: string | undefined;
  readonly server?: string | undefined;
  readonly need: readonly string[];
  readonly client: string;
  readonly operation: Operation;
  readonly data?: DataCommand | undefined;
  readonly may: string;
  readonly prove: boolean;
  readonly json?: true | undefined;
};

/**
 * `advise`: finds the smallest sets of changes by prediction, and proves them in one run. Exit code 1 where nothing helps, or where the
 * lab does not confirm a set.
 * @throws UsageError for names that do not exist
 */
async function runAdvise(options: AdviseOptions): Promise<number> {
  const may = partiesOf(options.may);
  const selection = select(options);
  const views = viewsIn(selection);
  const server = serverOf(selection, options);
  const needs = needsOf(options, views);
  const { advice, proposals } = advise({ views, server, needs, may });
  const isProven = options.prove && proposals.length > 0;
  const told: Advice = isProven ? withProofs(advice, await prove(selection, proposals)) : advice;
  const text =
    options.json === true ? [JSON.stringify({ schemaVersion: adviceVersion, ...told }, null, 2)] : adviceText(told);
  process.stdout.write(`${text.join("\n")}\n`);
  const isWrong = told.sets.some(({ proof = [] }) => proof.some(({ worked }) => !worked));
  const isOpen = isProven && told.sets.length === 0 && told.asItIs?.some(({ worked }) => !worked) === true;
  return told.impossible !== null || isWrong || isOpen ? exitCodes.unexpected : exitCodes.expected;
}

/** If everything works unchanged, though that could not be predicted, nothing has to be changed. */
function withProofs(advice: Advice, proven: Advice["sets"]): Advice {
  const asItIs = proven.find(({ changes }) => changes.length === 0)?.proof;
  const sets = proven.filter(({ changes }) => changes.length > 0);
  if (asItIs === undefined) return { ...advice, sets };
  return { ...advice, asItIs, sets: asItIs.every(({ worked }) => worked) ? [] : sets };
}

/** The network that is meant, with a user's files in it. */
function select({ network, server, client, routerRules, serverConfig, map }: AdviseOptions): Selection {
  if (network === undefined) {
    throw new UsageError("advise: no network is named.", {
      code: "unknown-name",
      hint: "Name one: `npm run matrix -- advise server-nat`; topologies/README.md shows them.",
    });
  }
  // A folder beside this one is a path too.
  const topology = [!/[\\/]/.test(network) && existsSync(network) ? `./${network}` : network];
  const facets = { topology, server: [server ?? usualServer], client: [client], mode: ["ftp"], operation: ["list"] };
  const choice = { sources: [], facets, grep: undefined, lastFailed: false, commandNames: [], networks: [] };
  return selectCells(choice, { routerRules, serverConfig, map });
}

/** The network from each position that is chosen. */
function viewsIn({ planned, catalog }: Selection): readonly Topology[] {
  const ids = [...new Set(planned.map(({ cell }) => cell.topology))];
  const views = ids.flatMap((id) => catalog.topologies.get(id) ?? []);
  const networks = [...new Set(ids.map(networkIdOf))];
  if (networks.length > 1) {
    throw new UsageError(`advise: ${networks.join(", ")} are several networks.`, {
      code: "unknown-name",
      hint: "Name one of them.",
    });
  }
  return views;
}

/** The server that is named; else the network's own, or the usual one. */
function serverOf(selection: Selection, { server: id }: AdviseOptions): ServerProfile {
  const { server, topology } = setupOf(selection);
  return id === undefined ? (selection.catalog.profiles.get(`${networkIdOf(topology.id)}-server`) ?? server) : server;
}

const usualServer = "tls-optional";

async function prove(selection: Selection, proposals: ReturnType<typeof advise>["proposals"]): Promise<Advice["sets"]> {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  await checkUserFiles(engine, selection);
  const interrupt = interruptible(() => undefined);
  try {
    return await proveAdvice(proposals, selection.catalog.profiles, engine, interrupt.signal);
  } finally {
    interrupt.release();
  }
}

function partiesOf(text: string): readonly AdvisedParty[] {
  const words = text.split(",").map((word) => word.trim());
  return words.map((word) => named("--may", word, advisedParties));
}

/** A need that names no position is one of each position. */
function needsOf({ need, client, operation, data }: AdviseOptions, views: readonly Topology[]): readonly Need[] {
  const asked = need.length === 0 ? ["ftp", "ftps"] : need.flatMap((words) => words.split(","));
  const positions = new Map(views.map((view) => [positionIn(view.id), view]));
  return asked.flatMap((word) => {
    const [place = "", own = client] = word.split(":");
    const [modeWord = "", wanted] = place.split("@");
    const mode: Mode = named("--need", modeWord, modes);
    if (wanted !== undefined)
      checkPosition(
        wanted,
        [...positions.keys()].filter((position) => position !== null),
      );
    if (resolveClient(own) === null) {
      throw new UsageError(`--need: there is no client ${own}.`, {
        code: "unknown-name",
        hint: "`npm run matrix -- list clients` shows the clients.",
      });
    }
    return [...positions].flatMap(([position, { family }]): readonly Need[] => {
      if (wanted !== undefined && wanted !== position) return [];
      const command = data ?? passiveCommandOf(own, { mode, operation, family });
      if (command === null) {
        throw new UsageError(`--need: ${own} can have no passive session in mode ${mode}.`, {
          code: "unknown-name",
          hint: "Name another client or mode, or say --data.",
        });
      }
      return [{ client: own, mode, data: command, operation, ...(position === null ? {} : { position }) }];
    });
  });
}

/** @throws UsageError for a position that the network does not have */
function checkPosition(wanted: string, known: readonly string[]): void {
  if (known.length > 0) {
    named("--need", wanted, known);
    return;
  }
  throw new UsageError(`--need: the network has one client, and no position ${wanted}.`, {
    code: "unknown-name",
    hint: "Leave the position out.",
  });
}

function named<T extends string>(option: string, word: string, known: readonly T[]): T {
  const found = known.find((one) => one === word);
  if (found !== undefined) return found;
  throw new UsageError(`${option}: there is no ${word}${didYouMean(word, known)}.`, {
    code: "unknown-name",
    hint: `There are ${known.join(", ")}.`,
  });
}
