#!/bin/sh
# check_docker.sh: prints, as Prometheus text, what a Docker engine says of its containers, their images and its volumes.
#
# Environment (whole seconds, whole numbers):
#   DOCKER_SOCKET          the engine's socket; else that of DOCKER_HOST=unix://..., else /var/run/docker.sock
#   DOCKER_TIME_LIMIT      of the whole run (4)
#   DOCKER_TIMEOUT         of one request (2); half of it for one container
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
ulimit -f 16384 # 8 MiB for each file: no answer fills the disk

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

# curl that reads no configuration and knows no proxy.
ask() {
  curl -q --silent --globoff --noproxy '*' --unix-socket "$socket" "$@" </dev/null
}

# get NAME PATH: the answer in the file NAME; false with the reason.
get() {
  reason=timeout
  : >"$tmp/$1"
  time_left || return 1
  [ "$left" -le $((each * 100)) ] || left=$((each * 100))
  part=$((left % 100 + 100))
  ask --fail --max-time "$((left / 100)).${part#1}" --output "$tmp/$1" "http://docker$2"
  status=$?
  reason_of "$status"
  [ "$status" = 0 ]
}

# What is not needed for the rest.
try() {
  get "$@" || echo "$1 $reason" >>"$tmp/failures"
}

# One curl for all; after each answer its status, on a line of its own as the answers are.
inspect() {
  : >"$tmp/inspect"
  jq -r --arg base "http://docker/v$version/containers" --argjson most "$most" '
    .[:$most][].Id | select(explode | all((. >= 48 and . <= 57) or (. >= 97 and . <= 102)))
    | "url = \"\($base)/\(.)/json\""' "$tmp/containers" >"$tmp/urls"
  [ -s "$tmp/urls" ] || return 0
  reason=timeout
  time_left && [ "$left" -ge 100 ] || return 1
  timeout "$((left / 100))" curl -q --silent --globoff --noproxy '*' --unix-socket "$socket" --max-time "$(((each + 1) / 2))" --config "$tmp/urls" \
    --write-out '\n{"http_code":"%{http_code}"}\n' </dev/null >"$tmp/inspect"
  status=$?
  reason_of "$status"
  [ "$status" = 0 ]
}

# Answers that are not what they should be are null here, and named among the failures.
report() {
  jq -rn --arg api "$version" --argjson most "$most" --rawfile failures "$tmp/failures" --rawfile version "$tmp/version" \
    --rawfile containers "$tmp/containers" --rawfile inspect "$tmp/inspect" --rawfile images "$tmp/images" \
    --rawfile volumes "$tmp/volumes" --rawfile dangling "$tmp/dangling" --rawfile sizes "$tmp/sizes" '
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
    def read($text; good): $text | try (fromjson | if good then . else null end) catch null;

    ($containers | fromjson) as $all
    | ($all[:$most] | map({name: name, listed: .}) | unique_by(.name)) as $shown
    | read($images; type == "array") as $image_list
    | (reduce ($image_list // [] | .[] | objects) as $image ({}; .[$image.Id | strings] = ($image.Created | count))) as $image_times
    | read($volumes; type == "object" and has("Volumes")) as $volume_list
    | read($dangling; type == "object" and has("Volumes")) as $dangling_list
    | read($sizes; type == "object" and has("Volumes")) as $size_list
    | [$inspect | split("\n")[] | select(. != "") | try fromjson catch null | objects] as $answers
    | (reduce ($answers[] | select(.Id | type == "string")) as $body ({}; .[$body.Id] = $body)) as $bodies
    | [$answers[] | .http_code | strings] as $codes
    | [$shown[] | {name, listed, body: $bodies[.listed.Id]}] as $known
    | ([$known[] | select(.body == null)] | length) as $unknown
    | ([$codes[] | select(. == "404")] | length) as $gone
    | (if $codes | index("000") then "timeout" elif any($codes[]; . != "200" and . != "404") then "http_error" else "bad_answer" end)
      as $inspect_reason
    | ([$failures | split("\n")[] | select(. != "") | split(" ") | {request: .[0], reason: .[1]}]
       | . + [["inspect", $unknown <= $gone], ["images", $image_list != null], ["volumes", $volume_list != null],
              ["dangling", $dangling_list != null], ["sizes", $size_list != null or $ENV.DOCKER_VOLUME_SIZES != "1"]
              | select(.[1] | not) | {request: .[0], reason: (if .[0] != "inspect" then "bad_answer" else $inspect_reason end)}]
       | unique_by(.request)) as $failed

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
        one([$unknown - $gone, 0] | max)),
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
      family("docker_volumes"; "gauge"; "Volumes."; $volume_list | objects | one(.Volumes // [] | length)),
      family("docker_volumes_dangling"; "gauge"; "Volumes that no container refers to."; $dangling_list | objects | one(.Volumes // [] | length)),
      family("docker_volumes_dangling_bytes"; "gauge"; "Size of the files in volumes that no container refers to.";
        $size_list | objects | one([.Volumes // [] | .[].UsageData | objects | select(.RefCount == 0 and .Size >= 0) | .Size] | add // 0))'
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
get containers "/v$version/containers/json?all=1" || down containers "$reason"
jq -e 'type == "array" and all(.[]; (.Id | type == "string") and (.State | type == "string"))' "$tmp/containers" >/dev/null 2>&1 ||
  down containers bad_answer
: >"$tmp/failures"
inspect || echo "inspect $reason" >>"$tmp/failures"
try images "/v$version/images/json"
try volumes "/v$version/volumes"
try dangling "/v$version/volumes?filters=%7B%22dangling%22%3A%5B%22true%22%5D%7D"
: >"$tmp/sizes"
[ "${DOCKER_VOLUME_SIZES:-0}" != 1 ] || try sizes "/v$version/system/df?type=volume"
report >"$tmp/report" 2>/dev/null || down containers bad_answer
cat "$tmp/report"
