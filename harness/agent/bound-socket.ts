import { Socket, type TcpSocketConnectOpts } from "node:net";

/**
 * A socket whose `connect({host, port, family})` leaves from `localAddress`. Nagle's algorithm is off: it would hold back a
 * command behind the TLS record before it, or put both into one segment, where the router's helper misses the command.
 */
export function boundSocket(localAddress: string): Socket {
  const socket = new Socket();
  const connect = socket.connect.bind(socket);
  const bound = (options: TcpSocketConnectOpts, listener?: () => void): Socket =>
    connect({ ...options, localAddress }, listener);
  socket.connect = bound as typeof socket.connect;
  socket.setNoDelay(true);
  return socket;
}
