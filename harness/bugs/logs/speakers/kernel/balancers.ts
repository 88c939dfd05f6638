import { lineByLine } from "../speaker-form";

/** HAProxy's log, nginx' stream module (ngx_stream_proxy_module.c), keepalived's checks, BIG-IP's monitors. */
const balancer =
  /\bhaproxy\[\d+\]: |\bwhile connecting to upstream, client: |\bKeepalived\w*\[\d+\]: |\bmcpd\[\d+\]: \d+:\d: Pool /;

/** The words of load balancers about the servers behind them. */
export const balancers = lineByLine({
  id: "balancers",
  title: "a load balancer's log",
  by: "kernel",
  software: null,
  read: (text) => (balancer.test(text) ? { said: [{ direction: "*", text: text.trim() }] } : null),
});
