import type { Socket } from "node:net";
import type { FTPContext, FTPResponse } from "basic-ftp";
import { parseEpsvResponse, parsePasvResponse } from "basic-ftp/dist/transfer";
import type { DataCommand } from "../model/axes";
import type { SessionRequest } from "../model/agent-protocol";
import { DataChannel, type DataChannelOptions } from "./data-channel";
import { eprtArgument, passiveTarget, portArgument, type Target } from "./passive-address";

/** What a session lends to the arrangement of one data connection. */
export type DataStrategy = Pick<SessionRequest, "data" | "localAddress" | "options"> & {
  readonly channel: Omit<DataChannelOptions, "localAddress" | "peer">;
  /** The data command has been sent well: from now on the data connection is awaited. */
  readonly onArranged: (overdue: string) => void;
};

/** basic-ftp's `prepareTransfer`: arranges a data connection and puts it into the context. */
export async function prepareTransfer(ftp: FTPContext, strategy: DataStrategy): Promise<FTPResponse> {
  const peer = ftp.socket.remoteAddress;
  if (peer === undefined) throw new Error("Control socket is disconnected, can't get remote address.");
  const { localAddress } = strategy;
  const channel = new DataChannel({ ...strategy.channel, localAddress, peer: peer.replace(/^::ffff:/i, "") });
  // The context destroys what it holds, whatever becomes of the session. basic-ftp uses of it what DataChannel has.
  ftp.dataSocket = channel as unknown as Socket;
  switch (strategy.data) {
    case "pasv":
    case "epsv": {
      const response = await ftp.request(strategy.data.toUpperCase());
      const target = targetOf(strategy.data, response, peer, strategy);
      strategy.onArranged(`Timeout when trying to open data connection to ${target.host}:${target.port}`);
      await channel.dial(target);
      return response;
    }
    case "port":
    case "eprt": {
      const port = await channel.listen();
      const argument = strategy.data === "port" ? portArgument(localAddress, port) : eprtArgument(localAddress, port);
      const response = await ftp.request(`${strategy.data.toUpperCase()} ${argument}`);
      strategy.onArranged(`Timeout when waiting for the server's data connection to ${localAddress}:${port}`);
      return response;
    }
  }
}

function targetOf(
  data: DataCommand & ("pasv" | "epsv"),
  reply: FTPResponse,
  peer: string,
  strategy: DataStrategy,
): Target {
  const target =
    data === "epsv"
      ? { host: peer.replace(/^::ffff:/i, ""), port: parseEpsvResponse(reply.message) }
      : passiveTarget(parsePasvResponse(reply.message), peer, strategy.options.foreignAddress);
  // Node would answer such a port with a RangeError, which is what bugs look like.
  if (target.port < 1 || target.port > 65535) throw new Error(`Can't use the port in the response: ${reply.message}`);
  return target;
}
