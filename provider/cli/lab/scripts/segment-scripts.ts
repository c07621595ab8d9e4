// The first processes, in bash, of the lab's two network segments: the fake internet behind the hosts' uplinks, and
// the LAN that bridge NICs join. Each keeps its servers running. They write nothing but the LAN's lease file.

/** The fake internet's web server (answers the peer's address) and its name server. */
export const inetAddresses = { web: "203.0.113.10", dns: "203.0.113.53" } as const;

const prologue = `#!/bin/bash
set -eu
read -r pid _ </proc/self/stat
echo "pid $pid"
mount -t proc -o nosuid,nodev,noexec proc /proc
mount -t sysfs -o nosuid,nodev,noexec sysfs /sys
read -r word
[ "$word" = go ]
keep_running() { # COMMAND...
  ( exec </dev/null >/dev/null 2>&1; set +e; while :; do "$@"; sleep 0.2; done ) &
}
`;

const epilogue = `
echo ready
exec </dev/null >/dev/null 2>&1
set +e
while :; do
  sleep infinity &
  wait $!
done
`;

/** Text of inet.sh. Arguments: LAB-FOLDER SLOT NODE-BINARY. Only what was masqueraded to a host's address returns. */
export const inetScript = `${prologue}
lab=$1 slot=$2 node=$3
ip -batch - <<END
link set lo up
address add ${inetAddresses.web}/32 dev lo
address add ${inetAddresses.dns}/32 dev lo
link add uplink type bridge
address add 198.18.$slot.1/24 dev uplink
link set uplink up
link set machine master uplink up
END
echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter
echo 1 >/proc/sys/net/ipv4/ip_forward
keep_running dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --user=root --no-resolv --no-hosts \\
  --bind-interfaces --listen-address=${inetAddresses.dns} --address=/example.test/${inetAddresses.web}
keep_running "$node" "$lab/inet-server.cjs"
for _ in {1..200}; do
  if ( : </dev/tcp/${inetAddresses.web}/80 && : </dev/tcp/${inetAddresses.dns}/53 ) 2>/dev/null; then break; fi
  sleep 0.02
done
${epilogue}`;

/** Text of lan.sh. Arguments: LAB-FOLDER. */
export const lanScript = `${prologue}
lab=$1
ip -batch - <<END
link set lo up
link add lan type bridge
address add 192.168.77.1/24 dev lan
link set lan up
END
keep_running dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --user=root --port=0 --no-ping \\
  --bind-interfaces --interface=lan --dhcp-range=192.168.77.100,192.168.77.200,1h \\
  --dhcp-authoritative --dhcp-leasefile="$lab/lan.leases"
${epilogue}`;

/** Text of inet-server.cjs: HTTP on port 80 answers the peer's address as text; UDP on port 7 answers what it got. */
export const inetServer = `"use strict";
const plain = (address) => (address ?? "").replace(/^::ffff:/, "");
require("node:http")
  .createServer((request, response) => {
    response.setHeader("content-type", "text/plain");
    response.end(plain(request.socket.remoteAddress) + "\\n");
  })
  .listen(80, "${inetAddresses.web}");
const echo = require("node:dgram").createSocket("udp4");
echo.on("message", (message, peer) => echo.send(message, peer.port, peer.address));
echo.bind(7, "${inetAddresses.web}");
`;
