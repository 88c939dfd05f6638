import type { NetworkPicture, PictureHop } from "../../harness/model/picture";
import { Code, Foreign } from "./foreign";
import { texts } from "./texts";

/** A network as a row of nodes from client to server, with the wires between them; on a narrow screen from top to bottom. */
export function Drawing({ network }: { readonly network: NetworkPicture }) {
  const { id, dial, hops, asides } = network;
  return (
    <figure class="drawing" aria-label={texts.networks.drawing(id)}>
      <ol>
        {hops.map((hop) => (
          <li key={hop.node} class="hop">
            {hop.link === null ? null : <Wire link={hop.link} dial={dial} />}
            <div class={`node ${hop.kind}`}>
              <NodeIcon kind={hop.kind} />
              <strong>
                <Foreign text={hop.node} />
              </strong>
              {hop.lines.length === 0 ? null : (
                <ul>
                  {hop.lines.map((line, index) => (
                    <li key={index} class={toneOf(line)}>
                      <Foreign text={line} />
                    </li>
                  ))}
                </ul>
              )}
            </div>
          </li>
        ))}
      </ol>
      <figcaption>
        {texts.networks.dial(dial)} {asides.length === 0 ? null : texts.networks.asides(asides)}
      </figcaption>
    </figure>
  );
}

/** The subject of a line, so that helper, translation and filter can be distinguished at a glance. */
function toneOf(line: string): string {
  if (/^(FTP )?helper\b/i.test(line)) return "helper";
  if (/^(DNAT|SNAT|NAPT)\b/.test(line)) return "nat";
  if (line.startsWith("RELATED passes")) return "helper";
  return /^(filter|RELATED)\b|→/.test(line) ? "rule" : "plain";
}

function Wire({ link, dial }: { readonly link: NonNullable<PictureHop["link"]>; readonly dial: string }) {
  const address = (text: string) => (
    <span class={text === dial ? "dialled" : ""}>
      <Code text={text.replace("-", "–")} />
      {text === dial ? <em> {texts.networks.dialled}</em> : null}
    </span>
  );
  return (
    <div class="wire">
      <span class="name">
        <Foreign text={link.id} /> <Code text={link.subnet} />
      </span>
      <span class="line" aria-hidden="true" />
      <span class="ends">
        {address(link.near)}
        {address(link.far)}
      </span>
    </div>
  );
}

const shapes: Readonly<Record<PictureHop["kind"], string>> = {
  client: "M3 4h18v11H3zM9 19h6M12 15v4",
  router: "M3 12h18v7H3zM7 15.5h.01M11 15.5h.01M7 12V6M17 12V6M4.5 8.5a4 4 0 0 1 5 0M14.5 8.5a4 4 0 0 1 5 0",
  server: "M4 3h16v7H4zM4 14h16v7H4zM8 6.5h.01M8 17.5h.01",
};

function NodeIcon({ kind }: { readonly kind: PictureHop["kind"] }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[kind]} />
    </svg>
  );
}
