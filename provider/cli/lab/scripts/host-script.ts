// The first process of a lab's host, in bash: it makes the host's own view of the machine, boots it, and then reaps
// orphans until its power is cut. It must never write outside the lab's folder and the host's own mounts.

/** Text of host.sh. Arguments: `enter|boot` LAB-FOLDER HOST ADDRESS GATEWAY SLOT; the host's name must be valid. */
export const hostScript = `#!/bin/bash
set -eu
stage=$1 lab=$2 host=$3 address=$4 gateway=$5 slot=$6
dir=$lab/hosts/$host

# Cgroups, where they can be written: entered before the cgroup namespace is made, so that they become its root.
join_cgroup() {
  local group=$1/leea-lab/$slot/$host
  mkdir -p "$group" 2>/dev/null || return 0
  find "$group" -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null || :
  echo $$ 2>/dev/null >"$group/cgroup.procs" || :
}
delegate() {
  for controller in cpu memory pids io; do echo "+$controller" 2>/dev/null >"$1/cgroup.subtree_control" || :; done
}
if [ "$stage" = enter ]; then
  if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
    delegate /sys/fs/cgroup
    mkdir -p "/sys/fs/cgroup/leea-lab/$slot" 2>/dev/null && delegate /sys/fs/cgroup/leea-lab \\
      && delegate "/sys/fs/cgroup/leea-lab/$slot"
    join_cgroup /sys/fs/cgroup
  else
    for tree in cpu cpuacct memory pids blkio freezer systemd unified; do
      if [ -f "/sys/fs/cgroup/$tree/cgroup.procs" ]; then join_cgroup "/sys/fs/cgroup/$tree"; fi
    done
  fi
  exec unshare --mount --uts --ipc --net --pid --cgroup --fork -- /bin/bash "$0" boot "$lab" "$host" "$address" "$gateway" "$slot"
fi

# Seen by the machine's /proc, which is still the one mounted.
read -r pid _ </proc/self/stat

# The disk: the machine's own files below, the host's changes above. The kernel refuses an upper folder that lies
# inside the lower one, so the lower one is first shown by a read-only overlay of its own.
stages=$dir/stage
mkdir -p "$stages"
mount -t tmpfs -o mode=755 leea-lab "$stages"
count=0
overlay() { # LOWER UPPER WORK TARGET
  count=$((count + 1))
  mkdir -p "$2" "$3" "$stages/empty$count" "$stages/lower$count"
  mount -t overlay -o "ro,lowerdir=$1:$stages/empty$count" overlay "$stages/lower$count" 2>/dev/null \\
    && mount -t overlay -o "lowerdir=$stages/lower$count,upperdir=$2,workdir=$3" overlay "$4" 2>/dev/null \\
    || mount -t overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" overlay "$4"
}
root=$stages/root
mkdir "$root"
overlay / "$dir/disk" "$dir/work" "$root"
while read -r _ _ _ _ point _ rest; do
  case $point in
    "$lab"* | /*/*/*/*) continue ;;
    /usr | /usr/* | /opt | /opt/* | /var | /var/* | /root | /home | /home/* | /srv) ;;
    *) continue ;;
  esac
  case " $rest" in *" - ext"* | *" - xfs "* | *" - btrfs "* | *" - zfs "* | *" - f2fs "*) ;; *) continue ;; esac
  name=$(echo "$point" | tr / +)
  if [ -d "$point" ]; then overlay "$point" "$dir/mounts/$name/disk" "$dir/mounts/$name/work" "$root$point"; fi
done </proc/self/mountinfo
if [ -d "$root$(dirname "$lab")" ]; then mount -t tmpfs -o ro,size=4k,mode=0 leea-lab "$root$(dirname "$lab")"; fi

# Kernel file systems, /run, /tmp and devices of its own.
cd "$root"
mount -t proc -o nosuid,nodev,noexec proc proc
for part in abi debug dev fs kernel user vm; do
  if [ -d "proc/sys/$part" ]; then mount -o bind,ro "proc/sys/$part" "proc/sys/$part"; fi
done
if [ -e proc/sysrq-trigger ]; then mount --bind /dev/null proc/sysrq-trigger; fi
mount -t sysfs -o nosuid,nodev,noexec sysfs sys
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs run
mkdir -m 1777 run/lock
mkdir -m 755 run/sshd
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs tmp
mount -t tmpfs -o mode=755,nosuid tmpfs dev
cp -ax /dev/. dev/
rm -rf dev/pts dev/shm dev/ptmx dev/mqueue
mkdir -p dev/pts dev/net
mkdir -m 1777 dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
# As udev leaves them on a plain host, where this machine runs no udev.
if [ ! -e dev/net/tun ]; then mknod dev/net/tun c 10 200; fi
chmod 666 dev/net/tun
if [ -e dev/kvm ] && [ "$(stat -c %a dev/kvm)" = 600 ] && chgrp kvm dev/kvm 2>/dev/null; then chmod 660 dev/kvm; fi
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  if [ -d "/sys/fs/cgroup/leea-lab/$slot/$host" ]; then
    mount --bind "/sys/fs/cgroup/leea-lab/$slot/$host" sys/fs/cgroup
    mkdir -p sys/fs/cgroup/init.scope
    echo $$ >sys/fs/cgroup/init.scope/cgroup.procs || :
    delegate sys/fs/cgroup
  fi
else
  mount -t tmpfs -o mode=755,nosuid,nodev,noexec tmpfs sys/fs/cgroup
  for tree in cpu cpuacct memory pids blkio freezer systemd unified; do
    if [ -d "/sys/fs/cgroup/$tree/leea-lab/$slot/$host" ]; then
      mkdir "sys/fs/cgroup/$tree"
      mount --bind "/sys/fs/cgroup/$tree/leea-lab/$slot/$host" "sys/fs/cgroup/$tree"
    fi
  done
fi
installed=no
if [ -s "$dir/installed" ]; then installed=yes; fi
keys=$(cat "$lab/authorized_keys")
exec 3>>"$dir/installed"

pivot_root . .
umount -l .
cd /
hostname "$host"

# Installation, once in the life of the disk.
write_sshd_config() { # FILE PORT PID-FILE
  cat >"$1" <<END
Port $2
PidFile $3
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
END
}
add_user() { # NAME ID
  for file in /etc/passwd /etc/shadow /etc/group /etc/gshadow; do
    if [ -f "$file" ]; then sed -i "/^$1:/d" "$file"; fi
  done
  echo "$1:x:$2:$2::/home/$1:/bin/bash" >>/etc/passwd
  echo "$1:*:19000:0:99999:7:::" >>/etc/shadow
  echo "$1:x:$2:" >>/etc/group
  mkdir -p "/home/$1"
  chmod 755 "/home/$1"
  authorize "/home/$1"
  chown -R "$2:$2" "/home/$1"
}
authorize() { # HOME
  rm -rf "$1/.ssh"
  mkdir -m 700 "$1/.ssh"
  printf '%s\\n' "$keys" >"$1/.ssh/authorized_keys"
  chmod 600 "$1/.ssh/authorized_keys"
}
if [ "$installed" = no ]; then
  # A plain host has none of this machine's services; what is put here later starts with it, as sysvinit starts it.
  rm -f /etc/rc[2-5].d/*
  rm -f /etc/hostname /etc/hosts /etc/resolv.conf /etc/machine-id /etc/ssh/ssh_host_* /etc/ssh/sshd_config
  echo "$host" >/etc/hostname
  printf '127.0.0.1 localhost\\n::1 localhost\\n127.0.1.1 %s\\n' "$host" >/etc/hosts
  echo "nameserver 203.0.113.53" >/etc/resolv.conf
  tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
  ssh-keygen -q -t ed25519 -N "" -C "root@$host" -f /etc/ssh/ssh_host_ed25519_key
  write_sshd_config /etc/ssh/sshd_config 22 /run/sshd.pid
  write_sshd_config /etc/ssh/sshd_config_noforward 2222 /run/sshd-noforward.pid
  printf 'AllowStreamLocalForwarding no\\nDisableForwarding yes\\n' >>/etc/ssh/sshd_config_noforward
  # The start files of this machine's administrator are not a plain host's: they may be slow, or print.
  rm -f /root/.bashrc /root/.bash_profile /root/.bash_login /root/.profile
  chmod 700 /root
  authorize /root
  add_user ops 64101
  add_user limited 64102
  mkdir -p /etc/sudoers.d
  printf 'ops ALL=(ALL:ALL) NOPASSWD: ALL\\nlimited ALL=(ALL:ALL) ALL\\n' >/etc/sudoers.d/leea-lab
  chmod 440 /etc/sudoers.d/leea-lab
  echo installed >&3
fi
exec 3>&-

# The network, once the cables are in.
echo "pid $pid"
read -r word
[ "$word" = go ]
for setting in all/forwarding:0 all/rp_filter:0 default/forwarding:0 default/rp_filter:2 eth0/rp_filter:2 \\
  eth0/forwarding:0 lan0/rp_filter:2; do
  echo "\${setting#*:}" >"/proc/sys/net/ipv4/conf/\${setting%:*}"
done
echo 0 >/proc/sys/net/ipv4/ip_forward
ip -batch - <<END
link set lo up
link add br-lan type bridge
link set lan0 master br-lan up
link set br-lan up
address add $address/24 dev eth0
link set eth0 up
route add default via $gateway
END
/usr/sbin/sshd
/usr/sbin/sshd -f /etc/ssh/sshd_config_noforward
echo ready
exec </dev/null >/dev/null
set +e
( for script in /etc/rc2.d/S*; do if [ -x "$script" ]; then "$script" start; fi; done ) 2>/dev/null &
# bash reaps every orphan that is handed to process 1.
while :; do
  sleep infinity &
  wait $!
done
`;
