/** A file that is really on the server. */
export type RemoteFile = { readonly name: string; readonly size: number };
