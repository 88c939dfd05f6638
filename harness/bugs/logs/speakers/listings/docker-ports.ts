import { nothingSaid, type FactBody, type LineReader, type SpeakerForm } from "../speaker-form";
import { anyRule } from "./rule-fact";

/** `0.0.0.0:21->21/tcp, :::21100-21110->21100-21110/tcp`, as `docker ps` has it. */
const published = /(?:[\d.]{7,15}:|\[::\]:|:::)(\d{1,5})(?:-(\d{1,5}))?->\d{1,5}(?:-\d{1,5})?\/tcp/g;
/** `-p 21:21`, `--publish 21100-21110:21100-21110`. */
const given =
  /\s(?:-p|--publish)[ =]"?(?:[\d.]{7,15}:)?(\d{1,5})(?:-(\d{1,5}))?:\d{1,5}(?:-\d{1,5})?(?:\/tcp)?(?=["\s\\]|$)/g;
/** `- "21:21"` below `ports:`. */
const listed = /^\s*- ["']?(?:[\d.]{7,15}:)?(\d{1,5})(?:-(\d{1,5}))?:\d{1,5}(?:-\d{1,5})?(?:\/tcp)?["']?\s*(?:#.*)?$/;

/** The ports that Docker forwards to a container: what `docker ps` lists, `docker run` and compose files ask for. */
export const dockerPorts: SpeakerForm = {
  id: "docker-ports",
  title: "Docker's published ports",
  by: "listing",
  software: null,
  begin: readPorts,
};

function readPorts(): LineReader {
  let isInList = false;
  return (text) => {
    if (/^\s*ports:\s*$/.test(text)) {
      isInList = true;
      return nothingSaid;
    }
    const entry = isInList ? listed.exec(text) : null;
    if (entry !== null) return { facts: [forwarded(entry)] };
    if (!/^\s*(?:#|$|- )/.test(text)) isInList = false;
    const found = [...text.matchAll(/\bdocker\b.* run\b|^\s*-p /.test(text) ? given : published)];
    return found.length === 0 ? null : { facts: unique(found.map(forwarded)) };
  };
}

/** Docker does it by DNAT, to an address that nobody told. */
function forwarded([, first, last = first]: readonly (string | undefined)[]): FactBody {
  return {
    ...anyRule,
    chain: "DOCKER",
    table: null,
    action: "dnat",
    protocol: "tcp",
    ports: [[Number(first), Number(last)]],
  };
}

/** It is published for each family. */
function unique(facts: readonly FactBody[]): readonly FactBody[] {
  return [...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values()];
}
