// What starts the agent when its host boots, on hosts without systemd: an init script in /etc/init.d with its links in
// /etc/rc2.d to rc5.d (sysvinit, and what runs such scripts). Hosts with neither have nothing that starts it: there the
// next run of the provider does. With systemd the agent's unit is enabled (host-script-parts.ts).

import { agentFunctions } from "./host-script-parts";

// No link stops it: QEMUs end with the host, and their records keep that they ran.
const initScript = String.raw`#!/bin/sh
### BEGIN INIT INFO
# Provides:          leea-agent
# Required-Start:    $network $remote_fs
# Required-Stop:
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: leea agent, which starts this host's VMs
### END INIT INFO
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
${agentFunctions}
case "$1" in
  start)
    mkdir -p -m 700 /run/leea
    take_lock
    agent_pid >/dev/null || start_agent
    ;;
  stop) stop_agent ;;
  restart | force-reload)
    take_lock
    stop_agent
    start_agent
    ;;
  status) agent_pid >/dev/null ;;
  *)
    echo "usage: $0 start|stop|restart|status" >&2
    exit 2
    ;;
esac
`;

/** Shell functions: put the init script in place where the host runs such, and remove it. Both may be called twice. */
export const bootFunctions = String.raw`
init=/etc/init.d/leea-agent

start_at_boot() {
  if has_systemd || [ ! -d /etc/init.d ] || [ ! -d /etc/rc2.d ]; then return 0; fi
  cat >"$init.new" <<'LEEA_INIT_SCRIPT'
${initScript}LEEA_INIT_SCRIPT
  chmod 755 "$init.new"
  mv -f "$init.new" "$init"
  for level in 2 3 4 5; do
    if [ -d "/etc/rc$level.d" ]; then ln -sf ../init.d/leea-agent "/etc/rc$level.d/S99leea-agent"; fi
  done
}

forget_at_boot() {
  rm -f "$init" /etc/rc2.d/S99leea-agent /etc/rc3.d/S99leea-agent /etc/rc4.d/S99leea-agent /etc/rc5.d/S99leea-agent
}
`;
