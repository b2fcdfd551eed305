#!/bin/bash
# dockerd.sh start|stop DIR: a private Docker engine with its data, socket and bridge in DIR, and the offline image busybox:local.
# start prints the DOCKER_HOST to use. HOSTMETER_TEST_PATIENCE: how many times longer than usual to wait.
set -euo pipefail
action=$1
mkdir -p "$2"
dir=$(realpath "$2")
# One bridge and one subnet for each DIR, so that runs beside each other do not meet.
number=$(($(cksum <<<"$dir" | cut -d' ' -f1) % 250))
bridge=hmtest$number
pause=$(awk "BEGIN { print 0.1 * ${HOSTMETER_TEST_PATIENCE:-1} }")
export DOCKER_HOST=unix://$dir/docker.sock DOCKER_API_VERSION=1.41

make_image() {
  local root
  root=$(mktemp -d)
  mkdir -p "$root"/{bin,tmp,dev,proc,sys,etc,data}
  cp /bin/busybox "$root/bin/"
  "$root/bin/busybox" --install "$root/bin"
  tar -C "$root" -c . | docker import -c 'CMD ["sleep","86400"]' - busybox:local >/dev/null
  rm -rf "$root"
}

launch() {
  setsid dockerd --data-root "$dir/data" --exec-root "$dir/exec" -H "$DOCKER_HOST" --pidfile "$dir/dockerd.pid" \
    --bridge "$bridge" --iptables=false --ip-masq=false --ip-forward=false >>"$dir/dockerd.log" 2>&1 </dev/null &
  pid=$!
}

start() {
  ip link show "$bridge" >/dev/null 2>&1 || ip link add "$bridge" type bridge
  ip addr replace "10.213.$number.1/24" dev "$bridge"
  ip link set "$bridge" up
  # It ends when its containerd does not answer within 15 s; what has been loaded by then is there for the next try.
  local pid='' launched=0
  for _ in $(seq 200); do
    kill -0 "$pid" 2>/dev/null || { [ $((launched += 1)) -le 5 ] && launch; } || break
    docker version >/dev/null 2>&1 && break
    sleep "$pause"
  done
  docker version >/dev/null 2>&1 || { tail -n 5 "$dir/dockerd.log" >&2; exit 1; }
  docker image inspect busybox:local >/dev/null 2>&1 || make_image
  echo "$DOCKER_HOST"
}

stop() {
  docker ps -aq 2>/dev/null | xargs -r docker rm -f >/dev/null 2>&1 || true
  if [ -e "$dir/dockerd.pid" ]; then
    kill "$(cat "$dir/dockerd.pid")" 2>/dev/null || true
    for _ in $(seq 200); do
      [ -e "$dir/dockerd.pid" ] || break
      sleep "$pause"
    done
  fi
  # What the engine leaves mounted: its network namespaces.
  grep -oE " $dir/[^ ]+" /proc/self/mounts | sort -r | xargs -r -n1 umount 2>/dev/null || true
  ip link del "$bridge" 2>/dev/null || true
}

case $action in
  start) start ;;
  stop) stop ;;
  *) echo "dockerd.sh start|stop DIR" >&2; exit 2 ;;
esac
