/** What keeps files from coming to a network. */
import { UsageError } from "../model/errors";
import type { Forward, Host } from "./host";
import { placeText, type Known } from "./place";
import type { Side } from "./sides";

/** `hasServer`: there are files of a server, and none tells where it is. */
export function noNetwork(hasServer: boolean): UsageError {
  const missing = hasServer ? "no file shows the address of the server" : "no file belongs to a server";
  return new UsageError(`The files do not show where the server is: no rule forwards FTP to it, and ${missing}.`, {
    code: "import-no-network",
    hint: hasServer
      ? "If it runs on the machine that the rules are of, give both files that machine's name: NAME=FILE. Else add its ip addr, or the rules of the router in front of it."
      : "Add the rules of the router in front of the server, or the server's own rules, ip addr or configuration.",
  });
}

export function nowhere(router: Host, id: string, address: string, forward: Forward | null): UsageError {
  const has = router.interfaces.flatMap(({ name, addresses }) =>
    addresses.map((own) => `${name} ${own.address}/${own.prefix}`),
  );
  const place = forward === null ? "" : `${placeText(forward.from)}: `;
  return new UsageError(`${place}connections go to ${address}, which is in no network of ${id}: ${has.join(", ")}.`, {
    code: "import-no-network",
    hint: "Correct the address, or give the ip addr from the time when the rules were saved.",
  });
}

export function sameNetwork(id: string, inside: Side, outside: Side): UsageError {
  const hint =
    "A router cannot tell such networks apart. Give one of them another range, or add the output of ip addr if the " +
    "networks differ.";
  return new UsageError(
    `${id} has the same network on both sides: ${inside.subnet.value} and ${outside.subnet.value}.`,
    { code: "import-no-network", hint },
  );
}

/** `problem` with the draft, at its line `text`. */
export function noSuchNetwork(problem: string, text: string): UsageError {
  return new UsageError(`The files do not come to a network that can be built: ${problem} (${text}).`, {
    code: "import-no-network",
    hint: "Say which machine each file belongs to (NAME=FILE), and give the output of `ip addr` and `ip route` of every machine in a file of its own.",
  });
}

/** A default route that leads away from the network in which connections come in. */
export function elsewhere(id: string, route: Known<string>, subnet: string): UsageError {
  const place = "from" in route ? `${placeText(route.from)}: ` : "";
  return new UsageError(
    `${place}the default route of \`${id}\` is ${route.value}, and connections come in from ${subnet}.`,
    {
      code: "import-no-network",
      hint: "If the addresses and routes are another machine's, say so: NAME=FILE. If they are its own, import cannot draw two ways out; give the files of the other router alone.",
    },
  );
}
