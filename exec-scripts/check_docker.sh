#!/bin/sh
# check_docker.sh: prints, as Prometheus text, what a Docker engine says of its containers, their images and its volumes.
#
# Environment (whole seconds, whole numbers):
#   DOCKER_SOCKET          the engine's socket; else that of DOCKER_HOST=unix://..., else /var/run/docker.sock
#   DOCKER_TIME_LIMIT      of the whole run (4)
#   DOCKER_TIMEOUT         of one request (2)
#   DOCKER_MAX_CONTAINERS  containers that are told of one by one, newest first (200); all are counted
#   DOCKER_VOLUME_SIZES    1: also ask for the bytes of dangling volumes; the engine reads all their files for it (0)
#
# Who may write to the socket is root on this host: this script only ever sends GET.
#
# Needs curl, jq 1.6, coreutils (or busybox) and a writable TMPDIR. Exit status: 0 with the output, also if the engine does not answer
# (docker_up 0); 1 with a message and no output if a tool is missing.
set -u
export LC_ALL=C

fail() {
  echo "check_docker.sh: $*" >&2
  exit 1
}

socket=${DOCKER_SOCKET:-}
if [ -z "$socket" ]; then
  case ${DOCKER_HOST:-} in
    unix://*) socket=${DOCKER_HOST#unix://} ;;
    '') socket=/var/run/docker.sock ;;
    *) fail "DOCKER_HOST is not unix://" ;;
  esac
fi
limit=${DOCKER_TIME_LIMIT:-4} each=${DOCKER_TIMEOUT:-2} most=${DOCKER_MAX_CONTAINERS:-200}
for number in "$limit" "$each" "$most"; do
  case $number in
    '' | *[!0-9]* | 0* | ???????*) fail "'$number' is not a whole number from 1 to 999999" ;;
  esac
done
for tool in curl jq timeout mktemp rm cat; do command -v "$tool" >/dev/null || fail "$tool is missing"; done

# Seconds are too coarse, and date is a process: hundredths since boot, where /proc is.
now() {
  if { read -r now _ </proc/uptime; } 2>/dev/null; then
    now=$((${now%.*} * 100 + 1${now#*.} - 100))
  else
    now=$(($(date +%s) * 100))
  fi
}

now
deadline=$((now + limit * 100))
tmp=$(mktemp -d) || fail "cannot write to ${TMPDIR:-/tmp}"
# shellcheck disable=SC2154  # $? is of the moment of the trap
trap 'status=$?; rm -rf "$tmp"; exit $status' EXIT
trap 'exit 1' HUP INT TERM
ulimit -f 16384 # 8 MiB for each file: no answer fills the disk or the memory

# The engine cannot be asked. Nothing else is printed.
down() {
  printf '%s\n' '# HELP docker_up Whether the engine answered.' '# TYPE docker_up gauge' 'docker_up 0' \
    '# HELP docker_check_failure_info What could not be asked of the engine, and why.' '# TYPE docker_check_failure_info gauge' \
    "docker_check_failure_info{request=\"$1\",reason=\"$2\"} 1"
  exit 0
}

# reason_of STATUS: of curl's, or timeout's.
reason_of() {
  case $1 in
    7) reason=refused ;;
    22) reason=http_error ;;
    28 | 124 | 143) reason=timeout ;;
    23 | 63 | 153) reason=too_large ;;
    *) reason=bad_answer ;;
  esac
}

# In hundredths; false if it is not worth to begin.
time_left() {
  now
  left=$((deadline - now))
  [ "$left" -ge 10 ]
}

# get NAME PATH: the answer in the file NAME; false with the reason. curl reads no configuration and knows no proxy.
get() {
  reason=timeout
  : >"$tmp/$1"
  time_left || return 1
  [ "$left" -le $((each * 100)) ] || left=$((each * 100))
  part=$((left % 100 + 100))
  curl -q --silent --globoff --noproxy '*' --unix-socket "$socket" --fail --max-time "$((left / 100)).${part#1}" \
    --output "$tmp/$1" "http://docker$2" </dev/null
  status=$?
  reason_of "$status"
  [ "$status" = 0 ]
}

# The rest by one curl, since each costs more than all the answers: after each its status, on a line that begins with its address.
ask_the_rest() {
  : >"$tmp/answers"
  reason=timeout
  time_left && [ "$left" -ge 100 ] || return
  timeout "$((left / 100))" curl -q --silent --globoff --noproxy '*' --unix-socket "$socket" --max-time "$each" --config "$tmp/urls" \
    --write-out '\n{"url":"%{url_effective}","status":"%{http_code}","exit":"%{exitcode}"}\n' \
    </dev/null >"$tmp/answers" 2>/dev/null
  reason_of $?
}

report() {
  jq -rn --arg api "$version" --arg base "$base" --argjson most "$most" --arg unanswered "$reason" --rawfile version "$tmp/version" \
    --rawfile containers "$tmp/containers" --rawfile answers "$tmp/answers" '
    def escaped: tostring | .[:200] | split("\\") | join("\\\\") | split("\"") | join("\\\"") | split("\n") | join("\\n");
    def labels: to_entries | map("\(.key)=\"\(.value | escaped)\"") | join(",") | if . == "" then . else "{\(.)}" end;
    def family($name; $type; $help; samples):
      [samples | select(.[1] != null)] | select(length > 0)
      | "# HELP \($name) \($help)\n# TYPE \($name) \($type)", (.[] | "\($name)\(.[0] | labels) \(.[1])");
    def one($value): [{}, $value];
    def flag: if type == "boolean" then (if . then 1 else 0 end) else null end;
    def count: if type == "number" then . else null end;
    # Of "2026-11-22T14:24:24.460474654Z" or with "+01:00" in the end; null for the year 1, which means never.
    def unix: . as $text
      | try (if startswith("0001") then null
        else (.[:19] + "Z" | fromdateiso8601)
          - (if endswith("Z") then 0
             else (.[-5:-3] | tonumber) * 3600 + (.[-2:] | tonumber) * 60 | if $text[-6:-5] == "-" then -. else . end end) end)
      catch null;
    def name: ([.Names[]? | strings | ltrimstr("/") | select(contains("/") | not)][0]) // .Id[:12];

    # Each answer is a body or the reason why there is none. Before 7.75 curl does not tell its exit status.
    def judged(good):
      if . == null then {reason: $unanswered}
      elif .exit == "28" or (.exit == "" and .status == "000") then {reason: "timeout"}
      elif .exit == "7" then {reason: "refused"}
      elif .exit != "0" and .exit != "" then {reason: "bad_answer"}
      elif .status != "200" then {reason: "http_error", gone: (.status == "404")}
      else .lines | join("\n") | try (fromjson | if good then {body: .} else {reason: "bad_answer"} end) catch {reason: "bad_answer"} end;
    (reduce ($answers | split("\n")[]) as $line ({lines: [], by: {}};
      if $line | startswith("{\"url\":\"\($base)/") then
        ($line | fromjson) as $done
        | .by[$done.url | ltrimstr("\($base)/")] = {status: $done.status, exit: $done.exit, lines: .lines}
        | .lines = []
      else .lines += [$line] end) | .by) as $by
    | def volumes: judged(type == "object" and has("Volumes"));
    ($by["images/json"] | judged(type == "array")) as $images
    | ($by["volumes"] | volumes) as $volumes
    | ($by["volumes?filters=%7B%22dangling%22%3A%5B%22true%22%5D%7D"] | volumes) as $dangling
    | (if $ENV.DOCKER_VOLUME_SIZES == "1" then $by["system/df?type=volume"] | volumes else {} end) as $sizes
    | (reduce ($images.body // [] | .[] | objects) as $image ({}; .[$image.Id | strings] = ($image.Created | count))) as $image_times
    | ($containers | fromjson) as $all
    | ($all[:$most] | map({name: name, listed: .}) | unique_by(.name)) as $shown
    | [$shown[] | . + ($by["containers/\(.listed.Id)/json"] | judged(type == "object" and (.Id | type == "string")))] as $known
    | [$known[] | select(.reason != null and (.gone | not))] as $unknown
    | [{request: "inspect", reason: $unknown[0].reason}, {request: "images", reason: $images.reason},
       {request: "volumes", reason: $volumes.reason}, {request: "dangling", reason: $dangling.reason},
       {request: "sizes", reason: $sizes.reason} | select(.reason != null)] as $failed

    | family("docker_up"; "gauge"; "Whether the engine answered."; one(1)),
      family("docker_check_failure_info"; "gauge"; "What could not be asked of the engine, and why."; $failed[] | [., 1]),
      family("docker_engine_info"; "gauge"; "The engine and the API version that was spoken.";
        [{version: ($version | fromjson | .Version // ""), api_version: $api}, 1]),
      family("docker_containers"; "gauge"; "Containers by state.";
        (reduce ($all[] | .State) as $state ({created: 0, running: 0, paused: 0, restarting: 0, removing: 0, exited: 0, dead: 0}; .[$state] += 1))
        | to_entries[] | [{state: .key}, .value]),
      family("docker_containers_beyond_limit"; "gauge"; "Containers that are counted but not told of, because there are too many.";
        one(($all | length) - ($shown | length))),
      family("docker_containers_not_inspected"; "gauge"; "Containers whose restarts, health and times could not be asked.";
        one($unknown | length)),
      family("docker_container_info"; "gauge"; "A container, its image and state.";
        $known[] | [{name, image: (.listed.Image // ""), container_id: .listed.Id, state: .listed.State}, 1]),
      family("docker_container_running"; "gauge"; "Whether the container is in the state running.";
        $known[] | [{name}, (.listed.State == "running" | flag)]),
      family("docker_container_created_timestamp_seconds"; "gauge"; "When the container was created, Unix time.";
        $known[] | [{name}, (.listed.Created | count)]),
      family("docker_container_image_created_timestamp_seconds"; "gauge"; "When the image of the container was made, Unix time.";
        $known[] | [{name}, $image_times[.listed.ImageID | strings]]),
      family("docker_container_started_timestamp_seconds"; "gauge"; "When the container was last started, Unix time.";
        $known[] | [{name}, (.body.State.StartedAt | unix)]),
      family("docker_container_finished_timestamp_seconds"; "gauge"; "When the container last ended, Unix time.";
        $known[] | [{name}, (.body.State.FinishedAt | unix)]),
      family("docker_container_restarts_total"; "counter"; "Restarts of the container by its restart policy.";
        $known[] | [{name}, (.body.RestartCount | count)]),
      family("docker_container_exit_code"; "gauge"; "Exit status of a container that ended.";
        $known[] | select(.body.State.Status == "exited" or .body.State.Status == "dead") | [{name}, (.body.State.ExitCode | count)]),
      family("docker_container_oom_killed"; "gauge"; "Whether the container ended for lack of memory.";
        $known[] | [{name}, (.body.State.OOMKilled | flag)]),
      family("docker_container_health"; "gauge"; "Health of a container that has a health check.";
        $known[] | .body.State.Health.Status as $health | select($health != null and $health != "none" and $health != "")
        | ("starting", "healthy", "unhealthy") as $status | [{name, status: $status}, ($health == $status | flag)]),
      family("docker_volumes"; "gauge"; "Volumes."; $volumes.body | objects | one(.Volumes // [] | length)),
      family("docker_volumes_dangling"; "gauge"; "Volumes that no container refers to."; $dangling.body | objects | one(.Volumes // [] | length)),
      family("docker_volumes_dangling_bytes"; "gauge"; "Size of the files in volumes that no container refers to.";
        $sizes.body | objects | one([.Volumes // [] | .[].UsageData | objects | select(.RefCount == 0 and .Size >= 0) | .Size] | add // 0))'
}

[ -e "$socket" ] || down version no_socket
[ -S "$socket" ] || down version not_a_socket
{ [ -r "$socket" ] && [ -w "$socket" ]; } || down version denied
get version /version || down version "$reason"
# What was tried with real engines, unless the engine is older or too new for it.
version=$(jq -r '
  def number: split(".") | (.[0] | tonumber) * 1000 + (.[1] | tonumber);
  [([1041, (.ApiVersion | number)] | min), (.MinAPIVersion // "1.0" | number)] | max
  | "\(. / 1000 | floor).\(. % 1000)"' "$tmp/version" 2>/dev/null) || down version bad_answer
[ -n "$version" ] || down version bad_answer
base=http://docker/v$version
get containers "/v$version/containers/json?all=1" || down containers "$reason"
jq -r --arg base "$base" --argjson most "$most" '
  if type == "array" and all(.[]; (.Id | type == "string") and (.State | type == "string")) then . else error("not a list") end
  | "images/json", "volumes", "volumes?filters=%7B%22dangling%22%3A%5B%22true%22%5D%7D",
    (if $ENV.DOCKER_VOLUME_SIZES == "1" then "system/df?type=volume" else empty end),
    (.[:$most][].Id | select(explode | all((. >= 48 and . <= 57) or (. >= 97 and . <= 102))) | "containers/\(.)/json")
  | "url = \"\($base)/\(.)\""' "$tmp/containers" >"$tmp/urls" 2>/dev/null || down containers bad_answer
[ -s "$tmp/urls" ] || down containers bad_answer
ask_the_rest
report >"$tmp/report" 2>/dev/null || down containers bad_answer
cat "$tmp/report"
