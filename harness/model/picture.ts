/** A network as a drawing: nodes in a row from client to server, with what each does to FTP. */

/** A node on the way, and the wire that leads to it from the node before; the client has none. */
export type PictureHop = {
  readonly node: string;
  readonly kind: "client" | "router" | "server";
  /** What it does to FTP, in the field's words. */
  readonly lines: readonly string[];
  readonly link: {
    readonly id: string;
    /** CIDR. */
    readonly subnet: string;
    /** Addresses of the node before and of this one: `203.0.113.1`, or a range `203.0.113.32-223`. */
    readonly near: string;
    readonly far: string;
  } | null;
};

export type NetworkPicture = {
  /** The topology's id. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The address that clients dial. */
  readonly dial: string;
  readonly hops: readonly PictureHop[];
  /** Nodes that are not on the way. */
  readonly asides: readonly string[];
};
