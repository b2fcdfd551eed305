#!/bin/sh
# check_cert.sh [LIST]: prints, as Prometheus text, what the certificates of TLS servers and of files say.
#
# LIST has one target a line; '#' begins a comment:
#   www.example.com:443
#   mail.example.com:587 starttls=smtp
#   [2001:db8::7]:8443   servername=app.example.com ca=/etc/ssl/own-ca.pem name=app
#   /etc/letsencrypt/live/*/fullchain.pem
# A target that begins with '/' is a PEM file or a glob of such ('?' stands for a space in its name). Options:
#   starttls=WORD     as openssl s_client knows it: smtp lmtp imap pop3 sieve ftp ldap postgres mysql xmpp xmpp-server nntp irc telnet
#   servername=NAME   the name to ask for (SNI) and to look for in the certificate; else the host of the target
#   ca=PATH           a file or folder of trusted certificates, instead of the system's
#   name=WORD         the label "target"; else the target as written, or the path of the file
#
# Environment (whole seconds, whole numbers):
#   CERT_LIST         the list; else check_cert.list beside this script, else /etc/hostmeter/check_cert.list
#   CERT_TIME_LIMIT   of the whole run (4); what was not reached by then says so
#   CERT_TIMEOUT      of one target (3)
#   CERT_PARALLEL     targets at once (16); each takes 3 processes and some 4 MiB
#   CERT_MAX_TARGETS  targets of the list that are looked at (200)
#
# Needs OpenSSL 3, coreutils (or busybox), awk and a writable TMPDIR. Exit status: 0 with the output, whatever the targets said;
# 1 with a message and no output if the list or a tool is missing.
set -u
export LC_ALL=C

fail() {
  echo "check_cert.sh: $*" >&2
  exit 1
}

list=${1:-${CERT_LIST:-}}
if [ -z "$list" ]; then
  list=${0%.sh}.list
  [ -e "$list" ] || list=/etc/hostmeter/check_cert.list
fi
limit=${CERT_TIME_LIMIT:-4} each=${CERT_TIMEOUT:-3} parallel=${CERT_PARALLEL:-16} most=${CERT_MAX_TARGETS:-200}
for number in "$limit" "$each" "$parallel" "$most"; do
  case $number in
    '' | *[!0-9]* | 0* | ???????*) fail "'$number' is not a whole number from 1 to 999999" ;;
  esac
done
{ [ -f "$list" ] && [ -r "$list" ]; } || fail "cannot read the list $list"
for tool in openssl awk timeout mktemp rm; do command -v "$tool" >/dev/null || fail "$tool is missing"; done
case $(openssl version) in
  OpenSSL\ [3-9]* | OpenSSL\ [1-9][0-9]*) ;;
  *) fail "openssl is not OpenSSL 3 or newer" ;;
esac

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
us=$(printf '\037')
newline='
'
workers=
tmp=$(mktemp -d) || fail "cannot write to ${TMPDIR:-/tmp}"
# shellcheck disable=SC2154  # $? is of the moment of the trap
trap 'status=$?; rm -rf "$tmp"; exit $status' EXIT
# shellcheck disable=SC2086  # a list of numbers
trap 'kill $workers 2>/dev/null; exit 1' HUP INT TERM
ulimit -f 4096 # 2 MiB for each file: no server fills the disk

# Lines of the list as fields, the number of bad ones last.
read_list() {
  awk -v us="$us" -v list="$list" '
    function bad(why) {
      print "check_cert.sh: " list ":" NR ": " why | "cat >&2"
      bad_lines++
    }
    BEGIN {
      split("smtp lmtp imap pop3 sieve ftp ldap postgres mysql xmpp xmpp-server nntp irc telnet", words, " ")
      for (i in words) starttls_words[words[i]] = 1
    }
    { sub(/\r$/, ""); sub(/(^|[ \t])#.*/, "") }
    NF == 0 { next }
    /[^\t -~]/ { bad("a character that is not ASCII"); next }
    {
      option["starttls"] = option["servername"] = option["ca"] = option["name"] = ""
      for (i = 2; i <= NF; i++) {
        key = $i
        sub(/=.*/, "", key)
        value = substr($i, length(key) + 2)
        if (!(key in option) || value == "" || option[key] != "") { bad("not an option: " $i); next }
        option[key] = value
      }
      is_file = $1 ~ /^\//
      is_glob = is_file && $1 ~ /[*?[]/
      if (!is_file && $1 !~ /^([A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\]):[1-9][0-9]*$/) {
        bad("neither HOST:PORT nor /PATH: " $1)
        next
      }
      host = $1
      port = ""
      if (!is_file) {
        port = $1
        sub(/.*:/, "", port)
        host = substr($1, 1, length($1) - length(port) - 1)
        if (length(port) > 5 || port + 0 > 65535) { bad("not a port: " port); next }
      }
      if (option["starttls"] != "" && (is_file || !(option["starttls"] in starttls_words))) {
        bad("starttls is not for this: " option["starttls"])
        next
      }
      if (option["servername"] ~ /[^A-Za-z0-9._:-]/ || option["servername"] ~ /^-/) { bad("not a name: " option["servername"]); next }
      if (option["ca"] != "" && option["ca"] !~ /^\//) { bad("ca is not an absolute path"); next }
      if (is_glob && option["name"] != "") { bad("a glob has no name"); next }
      name = option["name"] != "" ? option["name"] : $1
      if (name in named) { bad("a second target with the name " name); next }
      named[name] = 1
      print (is_file ? "file" : "tls"), host, port, option["starttls"], option["servername"], option["ca"], option["name"]
    }
    END { print "bad", bad_lines + 0 }
  ' OFS="$us" "$list"
}

# Globs become files. One that matches nothing stays as it is, and is reported as missing.
expand_globs() {
  while IFS=$us read -r kind host port starttls servername ca name; do
    if [ "$kind" != file ]; then
      printf '%s\n' "$kind$us$host$us$port$us$starttls$us$servername$us$ca$us$name"
      continue
    fi
    IFS=
    for file in $host; do
      case $file in
        *"$newline"* | *"$us"*) continue ;;
      esac
      printf '%s\n' "$kind$us$file$us$us$us$servername$us$ca$us$name"
    done
    unset IFS
  done
}

# The label of each target in front; no two of the same, and no more than may be.
number_targets() {
  awk -F "$us" -v most="$most" -v counts="$tmp/counts" '
    $1 == "bad" { print "bad", $2 >counts; next }
    {
      label = $7 != "" ? $7 : $1 == "file" ? $2 : $2 ":" $3
      gsub(/[^ -~]/, "?", label)
      if (label in seen) next
      seen[label] = 1
      if (++targets > most) next
      print label, $0
    }
    END { print "targets", targets + 0 >counts }
  ' OFS="$us"
}

# Within what is left of the time. 124: it was not enough (busybox: 143).
run() {
  now
  left=$(((deadline - now) / 100))
  [ "$left" -le "$each" ] || left=$each
  [ "$left" -ge 1 ] || return 124
  timeout "$left" "$@" </dev/null
}

is_address() {
  case $1 in
    *:*) ;;
    *[!0-9.]*) return 1 ;;
  esac
}

check_server() {
  expected=${servername:-$host}
  expected=${expected#\[} expected=${expected%\]}
  set -- -connect "$host:$port" -showcerts -nameopt RFC2253
  if is_address "$expected"; then
    set -- "$@" -noservername -verify_ip "$expected"
  else
    set -- "$@" -servername "$expected" -verify_hostname "$expected"
  fi
  [ -z "$starttls" ] || set -- "$@" -starttls "$starttls"
  case $starttls in
    xmpp*) set -- "$@" -xmpphost "$expected" ;;
  esac
  # shellcheck disable=SC2086  # two options
  run openssl s_client "$@" ${ca:+$ca_option "$ca" -no-CAstore} >"$tmp/$n.out" 2>"$tmp/$n.err"
}

# The first certificate of the file is the one that is served; the others may complete its chain.
check_file() {
  [ -e "$host" ] || { echo no_file && return; }
  { [ -f "$host" ] && [ -r "$host" ]; } || { echo unreadable && return; }
  run openssl storeutl -certs -noout -text -passin pass: "$host" >"$tmp/$n.dates" 2>"$tmp/$n.err"
  case $? in
    0 | 1) ;; # 1 as well for a private key in it
    *) echo $? && return ;;
  esac
  checked=-checkhost
  ! is_address "$servername" || checked=-checkip
  run openssl x509 -in "$host" -noout -subject -issuer -nameopt RFC2253 ${servername:+"$checked" "$servername"} \
    >"$tmp/$n.out" 2>>"$tmp/$n.err" || { echo $? && return; }
  # shellcheck disable=SC2086  # two options
  run openssl verify -untrusted "$host" ${ca:+$ca_option "$ca" -no-CAstore} "$host" >"$tmp/$n.verified" 2>&1
  echo $?
}

check() {
  [ -z "$ca" ] || [ -r "$ca" ] || { echo bad_ca && return; }
  ca_option='-no-CApath -CAfile'
  [ ! -d "$ca" ] || ca_option='-no-CAfile -CApath'
  if [ "$kind" = file ]; then
    check_file
  else
    check_server
    echo $?
  fi
}

# One of several workers: each takes the next target that nobody took. A file that must be new is a lock.
work() {
  set -C
  n=0
  while IFS=$us read -r _ kind host port starttls servername ca _; do
    n=$((n + 1))
    { true >"$tmp/$n.taken"; } 2>/dev/null || continue
    now
    [ $((deadline - now)) -ge 100 ] || break
    check >"$tmp/$n.status"
  done <"$tmp/plan"
}

report() {
  awk -F "$us" -v tmp="$tmp" '
    function escaped(text) {
      text = substr(text, 1, 300)
      gsub(/[\\"]/, "\\\\&", text)
      return text
    }
    # Of "Nov  6 08:49:37 2026 GMT", in seconds since 1970.
    function unix_time(text, part, clock, month, year, days) {
      if (split(text, part, " ") < 4 || split(part[3], clock, ":") != 3) return ""
      month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", part[1]) + 2) / 3
      year = part[4] + 0
      if (month < 3) { month += 12; year-- }
      days = 365 * year + int(year / 4) - int(year / 100) + int(year / 400) + int((153 * (month - 3) + 2) / 5) + part[2] - 719469
      return sprintf("%.0f", days * 86400 + clock[1] * 3600 + clock[2] * 60 + clock[3])
    }
    function say(family, labels, value) {
      samples[family] = samples[family] family "{target=\"" escaped($1) "\"" labels "} " value "\n"
    }
    function add_dates(before, after) {
      if (before == "" || after == "") return
      if (certificates++ == 0) { not_before = before; not_after = after; chain_not_after = after }
      if (after + 0 < chain_not_after + 0) chain_not_after = after
    }
    function add_error(code) {
      if (code == 62 || code == 64) { host_differs = 1; return }
      chain_errors++
      wrong[code in chain_reason ? chain_reason[code] : "other"] = 1
    }

    function read_server(path, line, in_chain) {
      while ((getline line < (path ".out")) > 0) {
        if (line == "Certificate chain") in_chain = 1
        else if (line == "---") in_chain = 0
        else if (in_chain && line ~ /^ *0 s:/) { subject = line; sub(/^ *0 s:/, "", subject) }
        else if (in_chain && certificates == 0 && line ~ /^ +i:/) { issuer = line; sub(/^ +i:/, "", issuer) }
        else if (in_chain && line ~ /^ +v:NotBefore: .*; NotAfter: /) {
          after = line
          sub(/.*; NotAfter: /, "", after)
          sub(/; NotAfter: .*/, "", line)
          sub(/^ +v:NotBefore: /, "", line)
          add_dates(unix_time(line), unix_time(after))
        }
        else if (line ~ /^New, TLSv1\.3, Cipher is /) { protocol = "TLSv1.3"; cipher = line; sub(/.* /, "", cipher) }
        else if (line ~ /^    Protocol *: /) { protocol = line; sub(/.*: /, "", protocol) }
        else if (line ~ /^    Cipher *: /) { cipher = line; sub(/.*: /, "", cipher) }
        else if (line ~ /^Verif(y return code|ication)/) verified = 1
      }
      close(path ".out")
      while ((getline line < (path ".err")) > 0) {
        if (line ~ /^verify error:num=[0-9]+:/) { sub(/^verify error:num=/, "", line); add_error(line + 0) }
        else errors = errors line "\n"
      }
      close(path ".err")
    }
    function read_file(path, line, blocks) {
      while ((getline line < (path ".dates")) > 0) {
        if (line ~ /^            Not Before: /) { sub(/^ +Not Before: /, "", line); before = unix_time(line) }
        else if (line ~ /^            Not After : /) { sub(/^ +Not After : /, "", line); add_dates(before, unix_time(line)) }
      }
      close(path ".dates")
      while ((getline line < (path ".out")) > 0) {
        if (line ~ /^subject=/) subject = substr(line, 9)
        else if (line ~ /^issuer=/) issuer = substr(line, 8)
        else if (line ~ /^(Hostname|IP) .* does (NOT )?match certificate/) { host_checked = 1; host_differs = line ~ / does NOT match/ }
      }
      close(path ".out")
      while ((getline line < (path ".verified")) > 0) {
        if (line ~ /^error [0-9]+ at [0-9]+ depth lookup/) { split(line, word, " "); add_error(word[2] + 0) }
        else if (line ~ /: (OK|verification failed)$/) verified = 1
      }
      close(path ".verified")
      # openssl goes past a broken one, and takes the next for the first.
      while (certificates > 0 && (getline line < $3) > 0)
        if (line ~ /^-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/) blocks++
      close($3)
      if (blocks > 0 && blocks != certificates) certificates = 0
    }

    function why_not(status) {
      if (status == "") return "not_reached"
      if (status ~ /^[a-z]/) return status
      if (errors ~ /STARTTLS|[Ss]erver does not support|ldap_|MySQL/) return "no_starttls"
      if (status == 124 || status == 137 || status == 143) return "timeout"
      if (errors ~ /(Error loading|Could not (open|read|load)).*(CA|trusted|verify)|X509_load_cert_crl_file|by_file/) return "bad_ca"
      if ($2 == "file") return "bad_file"
      if (errors ~ /BIO_lookup_ex|getaddrinfo/) return "dns"
      if (errors ~ /Connection refused/) return "refused"
      if (errors ~ /No route to host|[Uu]nreachable/) return "unreachable"
      if (errors ~ /timed out/) return "timeout"
      if (errors ~ /wrong version|packet length too long|unexpected message|http request/ || (errors == "" && $5 != ""))
        return $5 != "" ? "no_starttls" : "not_tls"
      if (errors ~ /unexpected eof|Connection reset|errno=(0|104)/) return "closed"
      if (errors ~ /alert|protocol|handshake/) return "handshake"
      return "other"
    }

    BEGIN {
      # As in openssl-verification-options(1).
      words = split("2 unknown_issuer 20 unknown_issuer 21 unknown_issuer 18 self_signed 19 self_signed 9 not_yet_valid 10 expired" \
        " 24 invalid_ca 79 invalid_ca 26 purpose 66 weak 67 weak 68 weak", word, " ")
      for (i = 1; i < words; i += 2) chain_reason[word[i]] = word[i + 1]
    }
    $1 == "bad" && NF == 2 { bad_lines = $2; next }
    $1 == "targets" && NF == 2 { targets = $2; next }
    {
      certificates = chain_errors = host_differs = host_checked = verified = 0
      subject = issuer = protocol = cipher = errors = status = ""
      split("", wrong)
      path = tmp "/" ++number
      getline status < (path ".status")
      close(path ".status")
      if ($2 == "file") read_file(path); else read_server(path)

      if (certificates == 0) {
        say("cert_check_success", "", 0)
        say("cert_check_failure_info", ",reason=\"" why_not(status) "\"", 1)
        next
      }
      say("cert_check_success", "", 1)
      say("cert_not_before_timestamp_seconds", "", not_before)
      say("cert_not_after_timestamp_seconds", "", not_after)
      say("cert_chain_not_after_timestamp_seconds", "", chain_not_after)
      say("cert_info", ",subject=\"" escaped(subject) "\",issuer=\"" escaped(issuer) "\"", 1)
      if (protocol != "") say("cert_tls_info", ",protocol=\"" escaped(protocol) "\",cipher=\"" escaped(cipher) "\"", 1)
      if (verified) {
        say("cert_chain_valid", "", chain_errors == 0 ? 1 : 0)
        for (reason in wrong) say("cert_chain_failure_info", ",reason=\"" reason "\"", 1)
      }
      if ($2 == "file" ? host_checked : verified) say("cert_host_match", "", host_differs ? 0 : 1)
    }

    function show(family, help) {
      if (samples[family] != "") printf "# HELP %s %s\n# TYPE %s gauge\n%s", family, help, family, samples[family]
    }
    function show_one(family, help, value) {
      samples[family] = family " " value "\n"
      show(family, help)
    }
    END {
      show_one("cert_targets", "Targets in the list, globs counted by file.", targets + 0)
      show_one("cert_targets_beyond_limit", "Targets that were left out, because there are too many.", targets - number + 0)
      show_one("cert_list_bad_lines", "Lines of the list that were not understood.", bad_lines + 0)
      show("cert_check_success", "Whether a certificate was obtained from the target.")
      show("cert_check_failure_info", "Why no certificate was obtained.")
      show("cert_not_before_timestamp_seconds", "When the certificate begins to be valid, Unix time.")
      show("cert_not_after_timestamp_seconds", "When the certificate ends to be valid, Unix time.")
      show("cert_chain_not_after_timestamp_seconds", "When the first certificate of those presented ends to be valid, Unix time.")
      show("cert_chain_valid", "Whether the certificate is valid now and leads to a trusted one.")
      show("cert_chain_failure_info", "What is wrong with the certificate or its chain.")
      show("cert_host_match", "Whether the certificate is for the host or servername.")
      show("cert_tls_info", "What was negotiated.")
      show("cert_info", "Whose certificate it is, and who signed it.")
    }
  ' "$tmp/counts" "$tmp/plan"
}

read_list | expand_globs | number_targets >"$tmp/plan"
worker=0
while [ "$((worker += 1))" -le "$parallel" ] && read -r _; do
  work 2>/dev/null &
  workers="$workers $!"
done <"$tmp/plan"
wait
report
