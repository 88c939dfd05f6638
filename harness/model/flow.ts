/** One side of a TCP connection as a packet or a conntrack tuple names it. */
export type FlowTuple = {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
};
