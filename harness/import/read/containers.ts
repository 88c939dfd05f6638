/** Reads containers from a compose file, `docker inspect` or `docker run` into the form of a compose file. */
import { LineCounter, parseDocument } from "yaml";
import { messageOf, UsageError } from "../../model/errors";
import { originAt, type Piece } from "../pieces/piece";

export type Services = Readonly<Record<string, unknown>>;

const dockerRun = /^\s*(?:sudo )?(?:docker|podman)(?: container)? run\s/;

/** The services of a piece, by their names. @throws UsageError where it is no YAML, or has aliases without end */
export function servicesIn(piece: Piece): Services {
  if (piece.lines.some((line) => dockerRun.test(line))) return Object.fromEntries(runs(piece).map(ofRun));
  const value = documentOf(piece);
  return Array.isArray(value) ? Object.fromEntries(value.map(ofInspect)) : mapOf(mapOf(value)["services"]);
}

export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** YAML, and with it JSON. */
function documentOf(piece: Piece): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(piece.lines.join("\n"), { merge: true, lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw noYaml(piece, lineCounter.linePos(error.pos[0]).line - 1, error.message);
  try {
    return document.toJS({ maxAliasCount: 1000 }) as unknown;
  } catch (problem) {
    // What is wrong with an alias shows when it is followed, and then has no place.
    const anchors = new Set(piece.lines.flatMap((line) => [...line.matchAll(/&([\w-]+)/g)].map(([, name]) => name)));
    const aliases = piece.lines.map((line) => /(?:^|[\s,:[])\*([\w-]+)/.exec(line)?.[1]);
    const unknown = aliases.findIndex((name) => name !== undefined && !anchors.has(name));
    const used = aliases.findLastIndex((name) => name !== undefined);
    const why = unknown < 0 ? messageOf(problem) : `there is no anchor &${aliases[unknown] ?? ""} for this alias`;
    throw noYaml(piece, Math.max(0, unknown < 0 ? used : unknown), why);
  }
}

function noYaml(piece: Piece, index: number, why: string): UsageError {
  const place = originAt(piece, index);
  const hint = "Give the file that `docker compose config` takes, or all that `docker inspect` prints.";
  return new UsageError(`${place.file}:${place.line}: ${why}`, { code: "import-unreadable", hint });
}

/** `docker inspect CONTAINER` prints a list of such. */
function ofInspect(written: unknown): readonly [string, Services] {
  const { Name: name, Config: config, HostConfig: host, NetworkSettings: network } = mapOf(written);
  const { Image: image, Env: environment } = mapOf(config);
  const { PortBindings: bindings, NetworkMode: mode } = mapOf(host);
  const own = mapOf(network);
  const bound = Object.keys(mapOf(bindings)).length > 0 ? mapOf(bindings) : mapOf(own["Ports"]);
  const ports = Object.entries(bound).flatMap(([inside, outside]) =>
    (Array.isArray(outside) ? outside : []).flatMap((one) => {
      const { HostIp: address, HostPort: port } = mapOf(one);
      const isIpv6 = typeof address === "string" && address.includes(":");
      const on = typeof address === "string" && address !== "" ? `${address}:` : "";
      return isIpv6 || typeof port !== "string" || port === "" ? [] : [`${on}${port}:${inside}`];
    }),
  );
  const networks = Object.entries(mapOf(own["Networks"])).map(([id, one]) => {
    const address = mapOf(one)["IPAddress"];
    return [id, address === "" ? {} : { ipv4_address: address }] as const;
  });
  const service = { image, environment, ports: [...new Set(ports)], networks: Object.fromEntries(networks) };
  const id = typeof name === "string" ? name.replace(/^\//, "") : "container";
  return [id, mode === "host" ? { ...service, network_mode: "host" } : service];
}

/** The words of each `docker run`. */
function runs({ lines }: Piece): readonly (readonly string[])[] {
  return lines
    .join("\n")
    .replace(/\\[ \t]*\n/g, " ")
    .split("\n")
    .filter((line) => dockerRun.test(line))
    .map((line) =>
      [...line.replace(dockerRun, "").matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => bare(word)),
    );
}

function bare(word: string): string {
  return word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2");
}

/** Options of `docker run` without a value (docker-run(1)). */
const flags =
  /^(-[ditP]+|--(?:detach|interactive|tty|rm|privileged|init|publish-all|read-only|no-healthcheck|oom-kill-disable|sig-proxy))$/;

function ofRun(words: readonly string[], index: number): readonly [string, Services] {
  const options: [string, string][] = [];
  let at = 0;
  for (; words[at]?.startsWith("-") === true; at += 1) {
    const word = words[at] ?? "";
    const [, long, value] = /^(--[\w-]+)=(.*)$/.exec(word) ?? [];
    const [, short, joined] = /^(-[a-zA-Z])(.+)$/.exec(word) ?? [];
    if (long !== undefined && value !== undefined) options.push([long, value]);
    else if (flags.test(word)) continue;
    else if (short !== undefined && joined !== undefined) options.push([short, joined]);
    else options.push([word, words[(at += 1)] ?? ""]);
  }
  const of = (...names: readonly string[]): readonly string[] =>
    options.flatMap(([name, value]) => (names.includes(name) ? [value] : []));
  const [address] = of("--ip");
  const service = {
    image: words[at] ?? "",
    ports: of("-p", "--publish"),
    environment: of("-e", "--env"),
    env_file: of("--env-file"),
    networks: { default: address === undefined ? {} : { ipv4_address: address } },
  };
  const isHost = of("--net", "--network").includes("host");
  return [of("--name")[0] ?? `container-${index + 1}`, isHost ? { ...service, network_mode: "host" } : service];
}
