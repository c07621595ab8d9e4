// The shell functions that the scripts on the host share. POSIX sh and what every Linux has: dash, bash and busybox run
// them. Only the agent's own process is ever signalled: VMs, BIRD, wireguard-go and dnsmasq go on.

/** Finds, starts and stops the agent; `take_lock` keeps two provisioners of one host apart. */
export const agentFunctions = String.raw`
root=/opt/leea
socket=/run/leea/agent.sock
pidfile=/run/leea/agent.pid
unit=/etc/systemd/system/leea-agent.service

has_systemd() { [ -d /run/systemd/system ]; }

take_lock() {
  command -v flock >/dev/null 2>&1 || return 0
  exec 9>/run/leea-install.lock
  flock -w 30 9 || { echo "another installation holds /run/leea-install.lock" >&2; exit 75; }
}

# The pid file may be stale and its number given to another process: the argument vector decides.
agent_pid() {
  read -r pid 2>/dev/null <"$pidfile" || return 1
  case $pid in '' | *[!0-9]*) return 1 ;; esac
  case $(cat "/proc/$pid/cmdline" 2>/dev/null | tr '\0' ' ') in
    *"$root"/*/agent.cjs\ serve*) echo "$pid" ;;
    *) return 1 ;;
  esac
}

stop_agent() {
  if has_systemd && [ -e "$unit" ]; then systemctl stop leea-agent; fi
  old=$(agent_pid) || return 0
  kill "$old" 2>/dev/null
  tries=0
  while [ -n "$(agent_pid)" ] && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
  if [ -n "$(agent_pid)" ]; then kill -KILL "$old" 2>/dev/null; sleep 0.1; fi
}

write_unit() {
  cat >"$unit.new" <<END
[Unit]
Description=leea agent
After=network.target

[Service]
ExecStart=$root/current/leea-agent serve
KillMode=process
Restart=always
RestartSec=1
LimitNOFILE=65536

[Install]
WantedBy=multi-user.target
END
  mv -f "$unit.new" "$unit"
  systemctl daemon-reload
  systemctl enable --quiet leea-agent
}

# Ends with 0 once the socket is there; says what the agent wrote when it is not.
start_agent() {
  mkdir -p -m 700 /run/leea
  rm -f "$socket"
  child=
  if has_systemd; then
    write_unit
    systemctl restart leea-agent
  else
    : >/run/leea/agent.err
    setsid env -i PATH="$PATH" HOME=/root LANG=C.UTF-8 "$root/current/leea-agent" serve </dev/null >/dev/null 2>>/run/leea/agent.err 9>&- &
    child=$!
  fi
  wait_for_agent
}

wait_for_agent() {
  tries=0
  while [ ! -S "$socket" ] && [ $tries -lt 200 ]; do
    if [ -n "$child" ] && ! kill -0 "$child" 2>/dev/null; then break; fi
    sleep 0.05
    tries=$((tries + 1))
  done
  [ -S "$socket" ] && return 0
  if has_systemd; then journalctl -u leea-agent -n 20 --no-pager -o cat >&2; else tail -c 2000 /run/leea/agent.err >&2; fi
  return 1
}

# Moves that stand between this host and another: notes of a source, records of a destination.
list_moves() {
  ls /var/lib/leea/moves/*.json 2>/dev/null
  grep -lE '"role":"(incoming|released)"' /var/lib/leea/records/*.json 2>/dev/null
  return 0
}

# One rename: there is always an agent to start.
switch_to() {
  rm -f "$root/.current.$$"
  ln -s "$1" "$root/.current.$$" && mv -f -T "$root/.current.$$" "$root/current"
}

current_folder() { readlink "$root/current" 2>/dev/null; }
`;
