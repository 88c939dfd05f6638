/** The scripted server's program: Python's own library alone, in one file. */
import { scriptedWire } from "../../scripted-wire";
import { commandsProgram } from "./commands-program";
import { mainProgram } from "./main-program";
import { sessionProgram } from "./session-program";
import { transfersProgram } from "./transfers-program";

const head = `#!/usr/bin/python3
"""The lab's scripted FTP server: what its script leaves alone it does as an ordinary server does. Set up by a JSON file."""
import fnmatch, ipaddress, itertools, json, os, random, re, socket, ssl, stat, struct, sys, threading, time, traceback
`;

/** It is started with the path of its settings (JSON), and serves until it is ended. */
export const scriptedProgram = [
  head,
  scriptedWire,
  transfersProgram,
  [sessionProgram, commandsProgram].join("\n"),
  mainProgram,
].join("\n\n");
